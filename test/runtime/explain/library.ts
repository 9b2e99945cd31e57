import { DataTypes, Sequelize } from 'sequelize';
import { createDatabase, type TestDatabase } from '../../postgres/database';

/** Tables whose keys fail in every way, and their models. */
export interface Library {
  readonly database: TestDatabase;
  readonly sequelize: Sequelize;
  /** What Sequelize throws for one statement, or for several in one transaction. */
  failure(...statements: readonly string[]): Promise<unknown>;
  close(): Promise<void>;
}

const TABLES = `
  create schema "Odd.Schema";
  create table users (id serial primary key, email text unique, code text);
  create table checkouts (id serial primary key, "userId" int constraint checkouts_user references users (id),
    book text);
  create table fines (id serial primary key, checkout_id int not null references checkouts (id) on delete set null);
  create table badges (id serial primary key, user_id int default 99 references users (id) on delete set default);
  create table cards (id serial primary key, user_id int references users (id) on delete restrict);
  create table visits (id serial primary key,
    user_id int constraint visits_user references users (id) deferrable initially deferred);
  create table shelves (room int, code text, primary key (room, code));
  create table copies (id serial primary key, room int, code text,
    constraint copies_shelf foreign key (room, code) references shelves (room, code));
  create table nodes (id int primary key, parent_id int references nodes (id));
  create table "Odd.Schema"."Par""ent)" ("k'ey" text primary key);
  create table "Odd.Schema"."Chi)ld" (id int primary key, "fk=(x" text references "Odd.Schema"."Par""ent)" ("k'ey"));
  create table codes (code text primary key);
  create table labels (code text references codes (code));
  create table events (id int, user_id int references users (id)) partition by range (id);
  create table events_1 partition of events for values from (0) to (100);
  create table yards (id int primary key) partition by range (id);
  create table yards_1 partition of yards for values from (0) to (100);
  create table gates (id int primary key, yard_id int constraint gates_yard references yards (id));
  create view people as select id from users;
  insert into users (id, email) select i, i || '@x' from generate_series(1, 9) i;
  insert into checkouts ("userId", book) values (1, 'a'), (1, 'b'), (1, 'c'), (2, 'd');
  insert into fines (checkout_id) values (4);
  insert into badges (user_id) values (3);
  insert into cards (user_id) values (4);
  insert into visits (user_id) values (5);
  insert into shelves values (1, 'a'), (1, 'b, c)=(d');
  insert into copies (room, code) values (1, 'a'), (1, 'b, c)=(d');
  insert into nodes values (1, null), (2, 1);
  insert into "Odd.Schema"."Par""ent)" values ('p) (q)=(r)');
  insert into "Odd.Schema"."Chi)ld" values (1, 'p) (q)=(r)');
  insert into codes values ('x');
  insert into labels values ('x');
  insert into events values (1, 6);
  insert into yards values (1);
  insert into gates values (1, 1)`;

export async function openLibrary(): Promise<Library> {
  const database = await createDatabase('explain');
  await database.query(TABLES);
  const sequelize = new Sequelize(database.url, { logging: false, define: { timestamps: false } });
  defineModels(sequelize);
  return {
    database,
    sequelize,
    failure: (...statements) =>
      sequelize
        .transaction(async (transaction) => {
          for (const statement of statements) await sequelize.query(statement, { transaction });
        })
        .then(
          () => undefined,
          (error: unknown) => error,
        ),
    async close() {
      await sequelize.close();
      await database.drop();
    },
  };
}

function defineModels(sequelize: Sequelize): void {
  const { INTEGER, TEXT } = DataTypes;
  const number = { type: INTEGER };
  const id = { type: INTEGER, primaryKey: true };
  const user = sequelize.define('User', { email: TEXT, code: TEXT }, { tableName: 'users' });
  const checkout = sequelize.define('Checkout', { userId: number, book: TEXT }, { tableName: 'checkouts' });
  const fine = sequelize.define(
    'Fine',
    { checkoutId: { type: INTEGER, field: 'checkout_id' } },
    { tableName: 'fines' },
  );
  checkout.belongsTo(user, { as: 'borrower', foreignKey: 'userId' });
  fine.belongsTo(checkout, { as: 'checkout', foreignKey: 'checkoutId', onDelete: 'SET NULL' });
  const ofUser = (name: string, tableName: string): void => {
    sequelize
      .define(name, { id, userId: { type: INTEGER, field: 'user_id' } }, { tableName })
      .belongsTo(user, { as: 'user', foreignKey: 'userId' });
  };
  ofUser('Badge', 'badges');
  ofUser('Card', 'cards');
  ofUser('Visit', 'visits');
  ofUser('Event', 'events');
  const node = sequelize.define(
    'Node',
    { id, parentId: { type: INTEGER, field: 'parent_id' } },
    { tableName: 'nodes' },
  );
  node.belongsTo(node, { as: 'parent', foreignKey: 'parentId' });
  const code = sequelize.define('Code', { code: { type: TEXT, primaryKey: true } }, { tableName: 'codes' });
  const label = sequelize.define(
    'Label',
    { code: { type: TEXT, primaryKey: true } },
    { tableName: 'labels' },
  );
  label.belongsTo(code, { as: 'meaning', foreignKey: 'code', targetKey: 'code' });
  const yard = sequelize.define('Yard', { id }, { tableName: 'yards' });
  const gate = sequelize.define(
    'Gate',
    { id, yardId: { type: INTEGER, field: 'yard_id' } },
    { tableName: 'gates' },
  );
  gate.belongsTo(yard, { as: 'yard', foreignKey: 'yardId' });
  const odd = sequelize.define(
    "Par'ent",
    { key: { type: TEXT, primaryKey: true, field: "k'ey" } },
    { tableName: 'Par"ent)', schema: 'Odd.Schema' },
  );
  const oddChild = sequelize.define(
    'Chi)ld',
    { id, parentKey: { type: TEXT, field: 'fk=(x' } },
    { tableName: 'Chi)ld', schema: 'Odd.Schema' },
  );
  oddChild.belongsTo(odd, { as: 'parent', foreignKey: 'parentKey' });
}
