import { DataTypes, Deferrable } from 'sequelize';
import { stripReferences } from '../../src/model/references';
import { application, integer } from './application';

describe('which relations exist', () => {
  test('a copy of options into which Sequelize has written its CASCADE is no word of an author', () => {
    for (const install of ['early', 'late'] as const) {
      const app = application(install);
      const [User, Profile] = [app.define('User'), app.define('Profile')];
      const options = { foreignKey: { name: 'userId', allowNull: false } };
      User.hasOne(Profile, options);
      Profile.belongsTo(User, { ...options });
      expect(app.relation('Profile.userId').onDelete).toEqual({ resolved: 'CASCADE', explicit: [] });
      const Session = app.define('Session');
      User.hasMany(Session, { ...options });
      expect(app.relation('Session.userId').onDelete).toEqual({ resolved: 'CASCADE', explicit: [] });
    }
  });

  test('constraints: false gives none, until another association asks for it', () => {
    const app = application('late');
    const [Post, Comment] = [app.define('Post'), app.define('Comment')];
    Comment.belongsTo(Post, { foreignKey: 'postId', constraints: false });
    expect(app.read().relations).toEqual([]);
    Post.hasMany(Comment, { foreignKey: 'postId' });
    expect(app.relation('Comment.postId').declarations).toEqual([
      {
        text: 'Post.hasMany(Comment)',
        association: 'Comments',
        method: 'hasMany',
        parent: { name: 'Posts' },
        parentColumn: 'id',
      },
    ]);
  });

  test('constraints: false with an action still makes a key, and Sequelize has filled nothing in', () => {
    for (const install of ['early', 'late'] as const) {
      const app = application(install);
      const [Post, Comment] = [app.define('Post'), app.define('Comment')];
      Comment.belongsTo(Post, { foreignKey: 'postId', constraints: false, onDelete: 'SET NULL' });
      expect(app.relation('Comment.postId').onDelete).toEqual({
        resolved: 'SET NULL',
        explicit: ['SET NULL'],
      });
    }
  });

  test('a self-reference, and a part of a composite key that Sequelize does not reference', () => {
    const app = application('late');
    const Category = app.define('Category');
    Category.belongsTo(Category, { as: 'parent' });
    const Pair = app.define('Pair', { a: integer({ primaryKey: true }), b: integer({ primaryKey: true }) });
    app.define('Use').belongsTo(Pair, { foreignKey: 'pairA' });
    expect(app.read().relations.map(({ id, parent }) => [id, parent.name])).toEqual([
      ['Category.parentId', 'Categories'],
    ]);
  });

  test('references without a key mean the column that Sequelize writes, id, beside another primary key too', () => {
    const app = application('late');
    app.define('User', { code: integer({ primaryKey: true }), id: integer({}) });
    app.define('Checkout', { userId: integer({ references: { model: 'Users' } }) });
    expect(app.relation('Checkout.userId').parentColumns).toEqual(['id']);
  });

  test('virtual attributes, and the tables of migrations, are left out', () => {
    const app = application('late');
    const User = app.define('User', { label: { type: DataTypes.VIRTUAL, references: { model: 'Labels' } } });
    app.define('SequelizeMeta', { name: { type: DataTypes.STRING, primaryKey: true } }).belongsTo(User);
    app.define('Seed', {}, { tableName: 'SequelizeData' });
    expect(app.read()).toEqual({
      tables: [{ model: 'User', table: { name: 'Users' }, columns: ['id'], primaryKey: ['id'], indexes: [] }],
      relations: [],
      unconstrained: [],
    });
  });

  test('join tables, also of a model with itself', () => {
    const app = application('late');
    const User = app.define('User');
    const Friendship = app.define('Friendship', { since: { type: DataTypes.DATE } });
    User.belongsToMany(User, { as: 'friends', through: Friendship, foreignKey: 'a', otherKey: 'b' });
    expect(
      app.read().relations.map(({ id, parent, declarations }) => [id, parent.name, declarations]),
    ).toEqual(
      ['a', 'b'].map((key) => [
        `Friendship.${key}`,
        'Users',
        [
          {
            text: "User.belongsToMany(User, { through: 'Friendship', as: 'friends' })",
            association: 'friends',
            method: 'belongsToMany',
            parent: { name: 'Users' },
            parentColumn: 'id',
          },
        ],
      ]),
    );
    expect(app.read().tables[1]).toEqual({
      model: 'Friendship',
      table: { name: 'Friendships' },
      columns: ['since', 'a', 'b'],
      primaryKey: ['a', 'b'],
      indexes: [],
    });
  });

  test('two models on one table: one relation, named by the first, with what both say', () => {
    const app = application('early');
    const [User, Person] = [app.define('User'), app.define('Person')];
    const [First, Second] = ['First', 'Second'].map((name) =>
      app.define(name, {}, { tableName: 'checkouts' }),
    );
    First?.belongsTo(User, { foreignKey: 'userId', onDelete: 'CASCADE' });
    Second?.belongsTo(User, { foreignKey: 'userId', onDelete: 'RESTRICT' });
    Second?.belongsTo(Person, { foreignKey: 'personId' });
    const { relations, tables } = app.read();
    expect(tables.map(({ model }) => model)).toEqual(['User', 'Person', 'First', 'Second']);
    expect(relations.map(({ id }) => id)).toEqual(['First.userId', 'Second.personId']);
    expect(relations[0]?.onDelete).toEqual({ resolved: 'CASCADE', explicit: ['CASCADE', 'RESTRICT'] });
    expect(relations[0]?.declarations.map(({ text }) => text)).toEqual([
      "First.belongsTo(User, { onDelete: 'CASCADE' })",
      "Second.belongsTo(User, { onDelete: 'RESTRICT' })",
    ]);
  });

  test('while a sync has the references taken away, the answer is the same', () => {
    const app = application('late');
    app.define('Checkout').belongsTo(app.define('User'));
    const before = app.read();
    const restore = stripReferences(app.like, before.relations);
    expect(app.read()).toEqual(before);
    restore();
  });
});

test('deferrable comes from the attribute, in every form that Sequelize takes', () => {
  const app = application('late');
  const users = { model: 'Users', key: 'id' };
  app.define('Checkout', {
    a: integer({ references: { ...users, deferrable: Deferrable.INITIALLY_DEFERRED } }),
    b: integer({ references: { ...users, deferrable: new Deferrable.INITIALLY_IMMEDIATE() } }),
    c: integer({ references: { ...users, deferrable: Deferrable.NOT } }),
    d: integer({ references: users }),
  });
  const deferrable = app.read().relations.map((relation) => relation.deferrable);
  expect(deferrable).toEqual(['INITIALLY DEFERRED', 'INITIALLY IMMEDIATE', 'NOT DEFERRABLE', undefined]);
});

test('a table has its columns, its primary key and the indexes of the model', () => {
  const app = application('late');
  const attributes = {
    isbn: { type: DataTypes.STRING, field: 'isbn_13', primaryKey: true },
    title: DataTypes.STRING,
  };
  const indexes = [{ fields: ['title'] }, { name: 'by_isbn', unique: true, fields: ['isbn_13'] }];
  app.define('Book', attributes, { indexes });
  app.define('Log', { line: DataTypes.TEXT }).removeAttribute('id');
  expect(app.read().tables).toEqual([
    {
      model: 'Book',
      renamed: { isbn: 'isbn_13' },
      table: { name: 'Books' },
      columns: ['isbn_13', 'title'],
      primaryKey: ['isbn_13'],
      indexes: ['books_title', 'by_isbn'],
    },
    { model: 'Log', table: { name: 'Logs' }, columns: ['line'], primaryKey: [], indexes: [] },
  ]);
});
