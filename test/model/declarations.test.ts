import { FkGuardError } from '../../src/errors';
import { application, integer, type Application } from './application';

const texts = (app: Application, id = 'Checkout.userId') =>
  app.relation(id).declarations.map(({ text }) => text);
const twoModels = (app: Application) => ({ User: app.define('User'), Checkout: app.define('Checkout') });

describe.each(['early', 'late'] as const)('installed %s', (install) => {
  test('the declarations read like the lines to look for', () => {
    const app = application(install);
    const User = app.define('User');
    const references = { model: 'Users', key: 'id' };
    const Checkout = app.define('Checkout', { userId: integer({ references, onDelete: 'RESTRICT' }) });
    Checkout.belongsTo(User, { foreignKey: 'userId', as: 'borrower' });
    User.hasMany(Checkout, {
      foreignKey: { name: 'userId', onDelete: 'CASCADE' } as object,
      onUpdate: 'NO ACTION',
    });
    const parent = { name: 'Users' };
    expect(app.relation('Checkout.userId').declarations).toHaveLength(3);
    expect(app.relation('Checkout.userId').declarations).toEqual(
      expect.arrayContaining([
        {
          text: "Checkout.userId: { references: { model: 'Users' }, onDelete: 'RESTRICT' }",
          parent,
          onDelete: ['RESTRICT'],
        },
        {
          text: "Checkout.belongsTo(User, { as: 'borrower' })",
          association: 'borrower',
          method: 'belongsTo',
          parent,
          parentColumn: 'id',
        },
        {
          text: "User.hasMany(Checkout, { onUpdate: 'NO ACTION', foreignKey: { onDelete: 'CASCADE' } })",
          association: 'Checkouts',
          method: 'hasMany',
          parent,
          parentColumn: 'id',
          onDelete: ['CASCADE'],
          onUpdate: ['NO ACTION'],
        },
      ]),
    );
  });

  test('an action of an association is not taken for one of the attribute', () => {
    const app = application(install);
    const { User, Checkout } = twoModels(app);
    Checkout.belongsTo(User, { foreignKey: 'userId', onUpdate: 'RESTRICT', onDelete: 'RESTRICT' });
    expect(texts(app)).toEqual(["Checkout.belongsTo(User, { onDelete: 'RESTRICT', onUpdate: 'RESTRICT' })"]);
  });

  test('a reference that no declaration explains stands for itself', () => {
    const app = application(install);
    const { User, Checkout } = twoModels(app);
    User.hasMany(Checkout, { foreignKey: 'userId', constraints: false });
    Object.assign(Checkout.getAttributes()['userId'] ?? {}, { references: { model: 'Users', key: 'id' } });
    expect(texts(app)).toEqual(["Checkout.userId: { references: { model: 'Users' } }"]);
  });

  test('an action in the options of the model is told apart from one in the association', () => {
    const app = application(install);
    const User = app.define('User');
    const Checkout = app.define('Checkout', {}, { onDelete: 'RESTRICT' });
    Checkout.belongsTo(User, { foreignKey: 'userId' });
    expect(texts(app)).toEqual([
      "Checkout.belongsTo(User) with { onDelete: 'RESTRICT' } in the options of Checkout",
    ]);
  });

  test('an attribute and an association, or two associations, that name different parents', () => {
    const app = application(install);
    const [User, Person] = [app.define('User'), app.define('Person')];
    const Checkout = app.define('Checkout', {
      userId: integer({ references: { model: 'Users', key: 'id' } }),
    });
    Checkout.belongsTo(Person, { foreignKey: 'userId' });
    const Picture = app.define('Picture');
    Picture.belongsTo(User, { foreignKey: 'ownerId' });
    Picture.belongsTo(Person, { foreignKey: 'ownerId' });
    const parents = (id: string) => app.relation(id).declarations.map(({ parent }) => parent?.name);
    expect([app.relation('Checkout.userId').parent.name, ...parents('Checkout.userId')]).toEqual([
      'Users',
      'Users',
      'People',
    ]);
    expect([app.relation('Picture.ownerId').parent.name, ...parents('Picture.ownerId')]).toEqual([
      'Users',
      'Users',
      'People',
    ]);
  });

  test('one options object for several associations does not pass a default off as written', () => {
    const app = application(install);
    const { User, Checkout } = twoModels(app);
    const shared = { foreignKey: 'userId' };
    Checkout.belongsTo(User, shared);
    User.hasMany(Checkout, shared);
    expect(app.relation('Checkout.userId').onDelete).toEqual({ resolved: 'SET NULL', explicit: [] });
  });

  test('one attribute object for several models does not pass a default off as written', () => {
    const app = application(install);
    const [User, userId] = [app.define('User'), integer({ allowNull: true })];
    const Checkout = app.define('Checkout', { userId });
    Checkout.belongsTo(User, { foreignKey: 'userId' });
    app.define('Review', { userId });
    expect(app.relation('Review.userId').onDelete).toEqual({ resolved: 'SET NULL', explicit: [] });
  });

  test('an association whose name a later one took leaves a default, not a declaration', () => {
    const app = application(install);
    const { User, Checkout } = twoModels(app);
    Checkout.belongsTo(User, { foreignKey: 'userId' });
    Checkout.belongsTo(User, { foreignKey: 'clerkId' });
    const [Book, Author] = [app.define('Book'), app.define('Author')];
    const Wrote = app.define('Wrote', { BookId: integer(), AuthorId: integer() });
    Book.belongsToMany(Author, { through: Wrote });
    Book.belongsToMany(Author, { through: 'Edited' });
    expect(
      app.read().relations.map(({ id, onDelete }) => [id, onDelete.resolved, onDelete.explicit]),
    ).toEqual([
      ['Checkout.userId', 'SET NULL', []],
      ['Checkout.clerkId', 'SET NULL', []],
      ['Wrote.BookId', 'CASCADE', []],
      ['Wrote.AuthorId', 'CASCADE', []],
      ['Edited.BookId', 'CASCADE', []],
      ['Edited.AuthorId', 'CASCADE', []],
    ]);
  });

  test.each(['belongsTo', 'hasMany'] as const)(
    'an unknown action at %s is an error, also where Sequelize ignores it',
    (method) => {
      const app = application(install);
      const { User, Checkout } = twoModels(app);
      if (method === 'hasMany') Checkout.belongsTo(User, { foreignKey: 'userId' });
      const [source, target] = method === 'belongsTo' ? [Checkout, User] : [User, Checkout];
      source[method](target, { foreignKey: 'userId', onDelete: 'CASCADEE' });
      const error: unknown = catching(() => app.read());
      expect(error).toBeInstanceOf(FkGuardError);
      expect(error).toMatchObject({
        code: 'OPTIONS',
        message: 'Invalid model: onDelete of "Checkout.userId" is "CASCADEE"; did you mean "CASCADE"?',
      });
    },
  );
});

const catching = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};
