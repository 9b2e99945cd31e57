import { DataTypes, Sequelize } from 'sequelize';
import { isStripped, referencesOf, stripReferences } from '../../src/model/references';
import type { AttributeLike, SequelizeLike } from '../../src/model/sequelize-like';
import type { Relation } from '../../src/expected';
import { define, sequelizeLike } from './recorded-guard';

const place = { child: { name: 'Books' }, childColumns: ['authorId'] };
const bookAuthor = { id: 'Book.authorId', ...place } as unknown as Relation;
const reference = { model: 'Authors', key: 'id' };

/** Two instances whose models were defined with the same literals; nothing connects to a database. */
function twoInstances(): { instances: [SequelizeLike, SequelizeLike]; attribute: AttributeLike } {
  const attributes = { authorId: { type: DataTypes.INTEGER, references: reference } };
  const instances = [0, 1].map(() => {
    const sequelize = new Sequelize({ dialect: 'postgres', logging: false });
    define(sequelize, 'Book', attributes);
    return sequelizeLike(sequelize);
  });
  return { instances: instances as [SequelizeLike, SequelizeLike], attribute: attributes.authorId };
}

test('references come back when the last of several syncs has put them back, and each puts back once', () => {
  const { instances, attribute } = twoInstances();
  const [first, second, third] = [...instances, instances[0]].map((instance) =>
    stripReferences(instance, [bookAuthor]),
  );
  expect(attribute.references).toBeUndefined();
  first?.();
  first?.();
  second?.();
  expect(attribute.references).toBeUndefined();
  third?.();
  expect(attribute.references).toBe(reference);
});

test('what an attribute references is known while it is stripped', () => {
  const { instances, attribute } = twoInstances();
  const restore = stripReferences(instances[0], [bookAuthor]);
  expect([referencesOf(attribute), isStripped(attribute)]).toEqual([reference, true]);
  restore();
  expect([referencesOf(attribute), isStripped(attribute)]).toEqual([reference, false]);
});

test('what an association wrote into the gap gives way to what was there first', () => {
  const { instances, attribute } = twoInstances();
  const restore = stripReferences(instances[0], [bookAuthor]);
  attribute.references = { model: 'Others', key: 'id' };
  restore();
  expect(attribute.references).toBe(reference);
});

test('every model that stores the relation is stripped: two on one table, and one that lives in another schema', () => {
  const sequelize = new Sequelize({ dialect: 'postgres', logging: false });
  const attribute = () => ({ type: DataTypes.INTEGER, field: 'author_id', references: reference });
  const models = [
    define(sequelize, 'Book', { authorId: attribute() }, { schema: 'other' }),
    define(sequelize, 'Volume', { writer: attribute() }, { tableName: 'Books' }),
    define(sequelize, 'Note', { authorId: attribute() }),
  ];
  const relation = { ...bookAuthor, child: { name: 'Books' }, childColumns: ['author_id'] };
  const restore = stripReferences(sequelizeLike(sequelize), [relation]);
  const left = () =>
    models.map((model) => Object.values(model.getAttributes()).some((found) => found.references));
  expect(left()).toEqual([false, false, true]);
  restore();
  expect(left()).toEqual([true, true, true]);
});

test('an attribute without references stays as it is', () => {
  const sequelize = new Sequelize({ dialect: 'postgres', logging: false });
  const Book = define(sequelize, 'Book', { authorId: DataTypes.INTEGER });
  stripReferences(sequelizeLike(sequelize), [bookAuthor])();
  expect(Object.hasOwn(Book.getAttributes()['authorId'] ?? {}, 'references')).toBe(false);
});
