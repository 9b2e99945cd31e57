import { DataTypes } from 'sequelize';
import { application, integer } from './application';

const place = (id: string, app: ReturnType<typeof application>) => {
  const { child, childColumns, parent, parentColumns } = app.relation(id);
  return { child, childColumns, parent, parentColumns };
};

describe('names of columns', () => {
  test('underscored models and fields', () => {
    const app = application('late', { define: { underscored: true } });
    const User = app.define('User', { id: integer({ primaryKey: true, field: 'user_no' }) });
    const Checkout = app.define('BookCheckout', { borrower: integer({ field: 'lent_to' }) });
    Checkout.belongsTo(User, { foreignKey: 'borrower', as: 'lender' });
    Checkout.belongsTo(User, { as: 'clerk' });
    const child = { name: 'book_checkouts' };
    const parent = { parent: { name: 'users' }, parentColumns: ['user_no'] };
    expect(place('BookCheckout.borrower', app)).toEqual({ child, childColumns: ['lent_to'], ...parent });
    expect(place('BookCheckout.clerkId', app)).toEqual({ child, childColumns: ['clerk_id'], ...parent });
  });

  test('targetKey and sourceKey', () => {
    const app = application('late');
    const User = app.define('User', { mail: { type: DataTypes.STRING, unique: true, field: 'e_mail' } });
    const Letter = app.define('Letter');
    const Note = app.define('Note');
    Letter.belongsTo(User, { foreignKey: 'to', targetKey: 'mail' });
    User.hasMany(Note, { foreignKey: 'by', sourceKey: 'mail' });
    expect(app.relation('Letter.to').parentColumns).toEqual(['e_mail']);
    expect(app.relation('Note.by').parentColumns).toEqual(['e_mail']);
  });

  test('references without a key mean the primary key of the parent, and id when it is not known', () => {
    const app = application('late');
    app.define('User', { nr: integer({ primaryKey: true, field: 'user_nr' }) });
    app.define('Pair', { a: integer({ primaryKey: true }), b: integer({ primaryKey: true }) });
    app.define('Checkout', {
      userId: integer({ references: { model: 'Users' } }),
      pairId: integer({ references: { model: 'Pairs' } }),
      elsewhereId: integer({ references: { model: 'elsewhere' } }),
    });
    const keys = app.read().relations.map(({ attribute, parentColumns }) => [attribute, ...parentColumns]);
    expect(keys).toEqual([
      ['userId', 'user_nr'],
      ['pairId', 'id'],
      ['elsewhereId', 'id'],
    ]);
  });

  test('quoteIdentifiers: false folds to lower case, as the server does with unquoted names', () => {
    const app = application('late', { quoteIdentifiers: false });
    const User = app.define('User');
    app.define('Checkout').belongsTo(User, { foreignKey: 'userId' });
    expect(place('Checkout.userId', app)).toEqual({
      child: { name: 'checkouts' },
      childColumns: ['userid'],
      parent: { name: 'users' },
      parentColumns: ['id'],
    });
  });
});

describe('names of tables', () => {
  test('a model with a schema names its own, and a name without a schema lies in that of the child', () => {
    const app = application('late');
    const User = app.define('User', {}, { schema: 'people' });
    const Book = app.define('Book');
    const Checkout = app.define(
      'Checkout',
      { shelfId: integer({ references: { model: 'Shelves' } }) },
      { schema: 'lending' },
    );
    Checkout.belongsTo(User);
    Checkout.belongsTo(Book);
    expect(app.relation('Checkout.UserId')).toMatchObject({
      child: { schema: 'lending', name: 'Checkouts' },
      parent: { schema: 'people', name: 'Users' },
    });
    expect(app.ddl(Checkout, 'BookId')).toContain('REFERENCES "lending"."Books"');
    expect(app.relation('Checkout.BookId').parent).toEqual({ schema: 'lending', name: 'Books' });
    expect(app.relation('Checkout.BookId').declarations).toEqual([
      {
        text: 'Checkout.belongsTo(Book)',
        association: 'Book',
        method: 'belongsTo',
        parent: { schema: 'lending', name: 'Books' },
        parentColumn: 'id',
      },
    ]);
    expect(app.relation('Checkout.shelfId').parent).toEqual({ schema: 'lending', name: 'Shelves' });
  });

  test('references as an object, as a model, and as a model of another copy of Sequelize', () => {
    const app = application('late');
    const User = app.define('User', {}, { schema: 'people' });
    class Foreign {
      static readonly tableName = 'Foreigners';
      static getTableName() {
        return this.tableName;
      }
    }
    app.define('Checkout', {
      a: integer({ references: { model: { tableName: 'Users', schema: 'archive' }, key: 'id' } }),
      b: integer({ references: { model: { tableName: 'Users' }, key: 'id' } }),
      c: integer({ references: { model: User, key: 'id' } }),
      d: integer({ references: { model: Foreign, key: 'id' } }),
    });
    expect(app.read().relations.map(({ parent }) => parent)).toEqual([
      { schema: 'archive', name: 'Users' },
      { name: 'Users' },
      { schema: 'people', name: 'Users' },
      { name: 'Foreigners' },
    ]);
  });

  test('dots stay in a name, and quotes are dropped as Sequelize drops them', () => {
    const app = application('late');
    app.define('Odd', {}, { tableName: 'my."odd" table' });
    expect(app.read().tables.map(({ table }) => table)).toEqual([{ name: 'my.odd table' }]);
  });
});
