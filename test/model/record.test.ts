import { DataTypes, Model } from 'sequelize';
import { recordDeclarations } from '../../src/model/declarations';
import { readModels } from '../../src/model/read';
import type { Expected } from '../../src/expected';
import { application, integer, type Application } from './application';

const explicit = (app: Application, id = 'Checkout.userId') => app.relation(id).onDelete.explicit;
const texts = (app: Application) => app.relation('Checkout.userId').declarations.map(({ text }) => text);
const known = ({ relations }: Expected) => relations.map(({ id, onDelete }) => [id, onDelete.explicit]);
const twoModels = (app: Application) => ({ User: app.define('User'), Checkout: app.define('Checkout') });

describe('the record of an early install', () => {
  test('keeps what was written at an association whose name a later one took', () => {
    const app = application('early');
    const { User, Checkout } = twoModels(app);
    Checkout.belongsTo(User, { foreignKey: 'userId', onDelete: 'SET NULL' });
    Checkout.belongsTo(User, { foreignKey: 'clerkId' });
    expect(explicit(app)).toEqual(['SET NULL']);
    expect(texts(app)).toEqual(["Checkout.belongsTo(User, { onDelete: 'SET NULL' })"]);
  });

  test('knows the reference at an attribute that an association repeats', () => {
    const app = application('early');
    const User = app.define('User');
    const Checkout = app.define('Checkout', {
      userId: integer({ references: { model: 'Users', key: 'id' } }),
    });
    Checkout.belongsTo(User, { foreignKey: 'userId' });
    expect(texts(app)).toEqual([
      "Checkout.userId: { references: { model: 'Users' } }",
      'Checkout.belongsTo(User)',
    ]);
  });

  test('an action in options that serve twice counts both times', () => {
    const app = application('early');
    const { User, Checkout } = twoModels(app);
    const shared = { foreignKey: 'userId', onDelete: 'CASCADE' };
    Checkout.belongsTo(User, shared);
    app.define('Review').belongsTo(User, shared);
    expect(explicit(app, 'Review.userId')).toEqual(['CASCADE']);
  });

  test('a copy of used options does not pass a default off as written, an action of its own counts', () => {
    const app = application('early');
    const { User, Checkout } = twoModels(app);
    const first = { foreignKey: 'userId' };
    Checkout.belongsTo(User, first);
    Checkout.belongsTo(app.define('Book'), { ...first, foreignKey: 'bookId' });
    Checkout.belongsTo(app.define('Shelf'), { ...first, foreignKey: 'shelfId', onDelete: 'RESTRICT' });
    expect(explicit(app, 'Checkout.bookId')).toEqual([]);
    expect(explicit(app, 'Checkout.shelfId')).toEqual(['RESTRICT']);
  });

  test('knows classes, their subclasses and static methods of their own', () => {
    const app = application('early');
    class User extends Model {}
    class Checkout extends Model {
      static override belongsTo: typeof Model.belongsTo = (target, options) =>
        super.belongsTo.call(this, target, { ...options, onDelete: 'SET NULL' }) as never;
    }
    class Renewal extends Checkout {}
    for (const model of [User, Checkout, Renewal])
      model.init({ note: DataTypes.TEXT }, { sequelize: app.sequelize });
    Renewal.hasMany(User, { foreignKey: 'renewalId', onDelete: 'CASCADE' });
    User.hasMany(Renewal, { foreignKey: 'userId', onDelete: 'NO ACTION' });
    Checkout.belongsTo(User, { foreignKey: 'userId' });
    expect(app.relation('Checkout.userId').onDelete.resolved).toBe('SET NULL');
    expect(explicit(app, 'Renewal.userId')).toEqual(['NO ACTION']);
    expect(explicit(app, 'User.renewalId')).toEqual(['CASCADE']);
  });

  test('judges models that were there before as a late install does', () => {
    const app = application('late');
    const User = app.define('User');
    const Old = app.define('Old');
    Old.belongsTo(User, { foreignKey: 'userId', onDelete: 'SET NULL' });
    const { written } = recordDeclarations(app.like);
    const New = app.define('New');
    New.belongsTo(User, { foreignKey: 'userId', onDelete: 'SET NULL' });
    expect(known(readModels(app.like, written))).toEqual([
      ['Old.userId', []],
      ['New.userId', ['SET NULL']],
    ]);
  });

  test('leaves the result of Sequelize, and what authors see, as they are without it', () => {
    const seen = (['early', 'late'] as const).map((install) => {
      const app = application(install);
      const { User, Checkout } = twoModels(app);
      const options = { foreignKey: 'userId' };
      const association = Checkout.belongsTo(User, options);
      return {
        keys: Object.keys(options),
        own: Object.keys(Checkout),
        same: Checkout.associations['User'] === association,
      };
    });
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]?.same).toBe(true);
  });

  test('stop takes the hook and the wrappers off, and keeps what was recorded', () => {
    const app = application('late');
    const { written, stop } = recordDeclarations(app.like);
    const { User, Checkout } = twoModels(app);
    Checkout.belongsTo(User, { foreignKey: 'userId', onDelete: 'SET NULL' });
    expect(Object.hasOwn(Checkout, 'belongsTo')).toBe(true);
    stop();
    expect(Object.hasOwn(Checkout, 'belongsTo')).toBe(false);
    const Review = app.define('Review');
    expect(Object.hasOwn(Review, 'belongsTo')).toBe(false);
    Review.belongsTo(User, { foreignKey: 'userId', onDelete: 'SET NULL' });
    expect(known(readModels(app.like, written))).toEqual([
      ['Checkout.userId', ['SET NULL']],
      ['Review.userId', []],
    ]);
  });

  test('is found again by whoever reads the models, and goes on after a pause', () => {
    const app = application('late');
    const User = app.define('User');
    const declare = (name: string) =>
      app.define(name).belongsTo(User, { foreignKey: 'userId', onDelete: 'SET NULL' });
    const { stop } = recordDeclarations(app.like);
    declare('First');
    stop();
    declare('Between');
    recordDeclarations(app.like);
    declare('Second');
    expect(known(readModels(app.like))).toEqual([
      ['First.userId', ['SET NULL']],
      ['Between.userId', []],
      ['Second.userId', ['SET NULL']],
    ]);
  });

  test('a wrapper that somebody put on top survives stop, and nothing more is recorded', () => {
    const app = application('late');
    const { written, stop } = recordDeclarations(app.like);
    const { User, Checkout } = twoModels(app);
    const below = Checkout.belongsTo;
    const onTop: typeof below = (...declaration) => below.apply(Checkout, declaration) as never;
    Checkout.belongsTo = onTop;
    stop();
    expect(Checkout.belongsTo).toBe(onTop);
    Checkout.belongsTo(User, { foreignKey: 'userId', onDelete: 'SET NULL' });
    expect(written.associations.size).toBe(0);
  });
});
