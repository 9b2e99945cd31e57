import { DataTypes, Sequelize } from 'sequelize';
import { createDatabase, type TestDatabase } from '../../postgres/database';

/** Models that say everything in another way than the shop's: schemas, fields, scopes, defaults, target keys. */
export interface Yard {
  readonly database: TestDatabase;
  readonly sequelize: Sequelize;
  /** Statements that Sequelize has sent since `sent` was last emptied. */
  readonly sent: string[];
  close(): Promise<void>;
}

const TABLES = `
  create schema abroad;
  create table abroad.countries (code_2 text primary key, label text not null);
  create table owners (id uuid primary key, mail text unique, country_code text references abroad.countries (code_2), active boolean);
  create table shops (id int primary key, country_code text references abroad.countries (code_2));
  create table boats (id int primary key, owner uuid references owners (id), keeper_mail text references owners (mail),
    shop int references shops (id), home text default 'at' references abroad.countries (code_2), topic int, made timestamptz not null);
  create table parts (id int primary key, part_of int references parts (id))`;

export async function openYard(): Promise<Yard> {
  const database = await createDatabase('yard');
  await database.query(TABLES);
  const sent: string[] = [];
  const sequelize = new Sequelize(database.url, {
    logging: (text) => void sent.push(text.replace(/^Executing \([^)]*\): /, '')),
    define: { timestamps: false },
    pool: { max: 5 },
  });
  const { INTEGER, TEXT, UUID, BOOLEAN } = DataTypes;
  const id = { type: INTEGER, primaryKey: true };
  const Country = sequelize.define(
    'Country',
    { code: { type: TEXT, primaryKey: true, field: 'code_2' }, name: { type: TEXT, field: 'label' } },
    { tableName: 'countries', schema: 'abroad' },
  );
  const Owner = sequelize.define(
    'Owner',
    {
      id: { type: UUID, primaryKey: true },
      email: { type: TEXT, field: 'mail' },
      countryCode: { type: TEXT, field: 'country_code' },
      active: BOOLEAN,
    },
    { tableName: 'owners', defaultScope: { where: { active: true } } },
  );
  const Shop = sequelize.define(
    'Shop',
    { id, countryCode: { type: TEXT, field: 'country_code' } },
    { tableName: 'shops' },
  );
  const Boat = sequelize.define(
    'Boat',
    {
      id,
      owner: UUID,
      keeperMail: { type: TEXT, field: 'keeper_mail' },
      shop: INTEGER,
      home: { type: TEXT, defaultValue: 'at' },
      topic: INTEGER,
    },
    { tableName: 'boats', timestamps: true, createdAt: 'made', updatedAt: false },
  );
  const Part = sequelize.define(
    'Part',
    { id, partOf: { type: INTEGER, field: 'part_of' } },
    { tableName: 'parts' },
  );
  Owner.belongsTo(Country, { as: 'country', foreignKey: 'countryCode' });
  Shop.belongsTo(Country, { as: 'country', foreignKey: 'countryCode' });
  Boat.belongsTo(Owner, { as: 'by', foreignKey: 'owner' });
  Boat.belongsTo(Owner, { as: 'keeper', foreignKey: 'keeperMail', targetKey: 'email' });
  Boat.belongsTo(Shop, { as: 'from', foreignKey: 'shop' });
  Boat.belongsTo(Country, { as: 'port', foreignKey: 'home' });
  Boat.belongsTo(Part, { as: 'topical', foreignKey: 'topic', constraints: false });
  Part.belongsTo(Part, { as: 'whole', foreignKey: 'partOf' });
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
