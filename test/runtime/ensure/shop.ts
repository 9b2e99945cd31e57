import { DataTypes, Sequelize, type Options } from 'sequelize';
import { createDatabase, type TestDatabase } from '../../postgres/database';

/** Country ◀─ Customer ◀─ Order ─▶ Shelf(room, code): three levels and a composite key. */
export interface Shop {
  readonly database: TestDatabase;
  readonly sequelize: Sequelize;
  /** Statements that Sequelize has sent since `sent` was last emptied. */
  readonly sent: string[];
  close(): Promise<void>;
}

const TABLES = `
  create table countries (code text primary key, name text not null);
  create table customers (id int primary key, email text unique, country text not null references countries (code),
    "deletedAt" timestamptz);
  create table shelves (room int, code text, label text, primary key (room, code));
  create table orders (id serial primary key, "customerId" int references customers (id), room int, shelf text,
    foreign key (room, shelf) references shelves (room, code));
  create table nodes (id int primary key, "parentId" int references nodes (id) deferrable initially deferred)`;

export async function openShop(options: Options = {}): Promise<Shop> {
  const database = await createDatabase('shop');
  await database.query(TABLES);
  const sent: string[] = [];
  const sequelize = new Sequelize(database.url, {
    logging: (text) => void sent.push(text.replace(/^Executing \([^)]*\): /, '')),
    define: { timestamps: false },
    pool: { max: 4 },
    ...options,
  });
  const { INTEGER, TEXT } = DataTypes;
  const Country = sequelize.define(
    'Country',
    {
      code: { type: TEXT, primaryKey: true },
      name: { type: TEXT, allowNull: false, validate: { len: [2, 40] } },
    },
    { tableName: 'countries' },
  );
  const Customer = sequelize.define(
    'Customer',
    { id: { type: INTEGER, primaryKey: true }, email: TEXT, country: TEXT },
    { tableName: 'customers', timestamps: true, createdAt: false, updatedAt: false, paranoid: true },
  );
  const Order = sequelize.define(
    'Order',
    { customerId: INTEGER, room: INTEGER, shelf: TEXT },
    { tableName: 'orders' },
  );
  const Node = sequelize.define(
    'Node',
    { id: { type: INTEGER, primaryKey: true }, parentId: INTEGER },
    { tableName: 'nodes' },
  );
  sequelize.define(
    'Shelf',
    { room: { type: INTEGER, primaryKey: true }, code: { type: TEXT, primaryKey: true }, label: TEXT },
    { tableName: 'shelves' },
  );
  Customer.belongsTo(Country, { as: 'home', foreignKey: 'country' });
  Order.belongsTo(Customer, { as: 'customer', foreignKey: 'customerId' });
  Node.belongsTo(Node, { as: 'parent', foreignKey: 'parentId' });
  return {
    database,
    sequelize,
    sent,
    async close() {
      await sequelize.close();
      await database.drop();
    },
  };
}

/** How the parents of an order are made. */
export const ENSURE = {
  customer: (id: number) => ({ email: `${id}@x`, country: 'at' }),
  home: (code: string) => ({ name: code.toUpperCase() }),
};
