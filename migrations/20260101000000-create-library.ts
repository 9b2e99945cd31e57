import { DataTypes, type ModelAttributes, type QueryInterface } from 'sequelize';

/** sequelize-cli hands over the query interface itself, umzug 3 hands it over as `context`. */
type MigrationArgument = QueryInterface | { readonly context: QueryInterface };

/**
 * Creates the tables of BookNexus as they were on the day of the outage.
 *
 * `Checkouts` has no key at all and `Fines` one without CASCADE: a deleted user leaves checkouts behind. Tables that
 * are there already (a production database that was made by `sync()`) stay as they are.
 */
export async function up(argument: MigrationArgument): Promise<void> {
  const queryInterface = queryInterfaceOf(argument);
  for (const { name, columns, unique, indexes = [] } of tables) {
    if (await queryInterface.tableExists(name)) continue;
    await queryInterface.sequelize.transaction(async (transaction) => {
      await queryInterface.createTable(name, columns, { transaction });
      if (unique) await queryInterface.addIndex(name, [unique], { unique: true, transaction });
      for (const column of indexes) await queryInterface.addIndex(name, [column], { transaction });
    });
  }
}

/** Drops every table of BookNexus, with its rows. */
export async function down(argument: MigrationArgument): Promise<void> {
  const queryInterface = queryInterfaceOf(argument);
  for (const { name } of tables.toReversed()) await queryInterface.dropTable(name);
}

const queryInterfaceOf = (argument: MigrationArgument): QueryInterface =>
  'context' in argument ? argument.context : argument;

const id = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true };
const text = { type: DataTypes.STRING, allowNull: false };
const number = { type: DataTypes.INTEGER, allowNull: false };
const time = { type: DataTypes.DATE, allowNull: false };
const timestamps = { createdAt: DataTypes.DATE, updatedAt: DataTypes.DATE };

const reference = (table: string) => ({
  type: DataTypes.INTEGER,
  references: { model: table, key: 'id' },
  onUpdate: 'CASCADE',
});

/** Parents before children. */
const tables: readonly {
  readonly name: string;
  readonly columns: ModelAttributes;
  readonly unique?: string;
  /** By which children are found; PostgreSQL makes no index for a key. */
  readonly indexes?: readonly string[];
}[] = [
  { name: 'Users', columns: { id, name: text, email: text, ...timestamps }, unique: 'email' },
  { name: 'Authors', columns: { id, name: text, ...timestamps } },
  {
    name: 'Categories',
    columns: {
      id,
      name: text,
      parentId: { ...reference('Categories'), onDelete: 'SET NULL' },
      ...timestamps,
    },
    indexes: ['parentId'],
  },
  {
    name: 'Books',
    columns: {
      id,
      title: text,
      isbn: text,
      categoryId: { ...reference('Categories'), onDelete: 'SET NULL' },
      ...timestamps,
    },
    unique: 'isbn',
    indexes: ['categoryId'],
  },
  {
    name: 'BookAuthors',
    columns: {
      bookId: { ...reference('Books'), primaryKey: true, onDelete: 'CASCADE' },
      authorId: { ...reference('Authors'), primaryKey: true, onDelete: 'CASCADE' },
    },
    indexes: ['authorId'],
  },
  {
    name: 'Checkouts',
    columns: { id, userId: number, bookId: number, dueAt: time, returnedAt: DataTypes.DATE, ...timestamps },
    indexes: ['userId', 'bookId'],
  },
  {
    name: 'Fines',
    columns: {
      id,
      checkoutId: { ...reference('Checkouts'), allowNull: false },
      cents: number,
      paidAt: DataTypes.DATE,
      ...timestamps,
    },
    indexes: ['checkoutId'],
  },
  {
    name: 'Reviews',
    columns: {
      id,
      bookId: { ...reference('Books'), allowNull: false, onDelete: 'CASCADE' },
      userId: { ...reference('Users'), onDelete: 'SET NULL' },
      stars: number,
      text: { type: DataTypes.TEXT, allowNull: false },
      ...timestamps,
    },
    indexes: ['bookId', 'userId'],
  },
];
