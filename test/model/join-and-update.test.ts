import type { ReferentialAction } from '../../src/schema';
import { application, integer, type Application, type Install } from './application';

const ACTIONS: readonly ReferentialAction[] = ['SET NULL', 'NO ACTION', 'CASCADE', 'RESTRICT', 'SET DEFAULT'];

describe.each<Install>(['early', 'late'])('a join table, installed %s', (install) => {
  const join = (app: Application, fromBook: object, fromAuthor?: object) => {
    const [Book, Author] = [app.define('Book'), app.define('Author')];
    Book.belongsToMany(Author, { through: 'BookAuthor', ...fromBook });
    if (fromAuthor) Author.belongsToMany(Book, { through: 'BookAuthor', ...fromAuthor });
    return [app.relation('BookAuthor.BookId').onDelete, app.relation('BookAuthor.AuthorId').onDelete];
  };

  test.each(ACTIONS)('belongsToMany %s means both keys', (onDelete) => {
    const both = { resolved: onDelete, explicit: [onDelete] };
    expect(join(application(install), { onDelete })).toEqual([both, both]);
    expect(join(application(install), { onDelete }, {})).toEqual([both, both]);
  });

  test('belongsToMany without an action is CASCADE, which nobody wrote', () => {
    const both = { resolved: 'CASCADE', explicit: [] };
    expect(join(application(install), {})).toEqual([both, both]);
    expect(join(application(install), {}, {})).toEqual([both, both]);
  });

  test('the keys stay what they are when the models are defined once more', () => {
    const app = application(install);
    join(app, {});
    for (const name of ['Book', 'Author']) app.define(name);
    expect(app.relation('BookAuthor.BookId').onDelete).toEqual({ resolved: 'CASCADE', explicit: [] });
  });

  test('with an action on both sides, each side decides about its own key', () => {
    expect(join(application(install), { onDelete: 'RESTRICT' }, { onDelete: 'CASCADE' })).toEqual([
      { resolved: 'RESTRICT', explicit: ['RESTRICT'] },
      { resolved: 'CASCADE', explicit: ['CASCADE'] },
    ]);
  });
});

test.each([
  { style: 'belongsTo', onUpdate: undefined, resolved: 'CASCADE', early: [], late: [] },
  { style: 'belongsTo', onUpdate: 'CASCADE', resolved: 'CASCADE', early: ['CASCADE'], late: [] },
  { style: 'belongsTo', onUpdate: 'RESTRICT', resolved: 'RESTRICT', early: ['RESTRICT'], late: ['RESTRICT'] },
  { style: 'hasMany', onUpdate: 'CASCADE', resolved: 'CASCADE', early: ['CASCADE'], late: [] },
  {
    style: 'hasMany',
    onUpdate: 'NO ACTION',
    resolved: 'NO ACTION',
    early: ['NO ACTION'],
    late: ['NO ACTION'],
  },
  { style: 'attribute', onUpdate: undefined, resolved: 'NO ACTION', early: [], late: [] },
  { style: 'attribute', onUpdate: 'CASCADE', resolved: 'CASCADE', early: ['CASCADE'], late: [] },
  { style: 'attribute', onUpdate: 'RESTRICT', resolved: 'RESTRICT', early: ['RESTRICT'], late: ['RESTRICT'] },
])('ON UPDATE $onUpdate at $style', ({ style, onUpdate, resolved, ...expected }) => {
  for (const install of ['early', 'late'] as const) {
    const app = application(install);
    const User = app.define('User');
    const written = onUpdate === undefined ? {} : { onUpdate };
    const references = { references: { model: 'Users', key: 'id' } };
    const Checkout = app.define('Checkout', {
      userId: integer(style === 'attribute' ? { ...references, ...written } : {}),
    });
    if (style === 'belongsTo') Checkout.belongsTo(User, { foreignKey: 'userId', ...written });
    if (style === 'hasMany') User.hasMany(Checkout, { foreignKey: 'userId', ...written });
    expect(app.relation('Checkout.userId').onUpdate).toEqual({ resolved, explicit: expected[install] });
  }
});

test('actions may be written in any case', () => {
  for (const install of ['early', 'late'] as const) {
    const app = application(install);
    app.define('Checkout').belongsTo(app.define('User'), { foreignKey: 'userId', onDelete: 'set default' });
    const found = app.relation('Checkout.userId').onDelete;
    expect(found).toEqual({ resolved: 'SET DEFAULT', explicit: ['SET DEFAULT'] });
  }
});

test('a late install believes an attribute, unless an association to the same parent may have left the value', () => {
  const app = application('late');
  const [User, Shelf] = [app.define('User'), app.define('Shelf')];
  const references = { model: 'Shelves', key: 'id' };
  const Book = app.define('Book', { shelfId: integer({ references, onDelete: 'SET NULL' }) });
  Book.belongsTo(User, { foreignKey: 'ownerId' });
  Book.belongsTo(Shelf, { foreignKey: 'oldShelfId', as: 'oldShelf' });
  expect(app.relation('Book.shelfId').onDelete.explicit).toEqual(['SET NULL']);
  Book.belongsTo(Shelf, { foreignKey: 'newShelfId' });
  expect(app.relation('Book.shelfId').onDelete.explicit).toEqual([]);
});
