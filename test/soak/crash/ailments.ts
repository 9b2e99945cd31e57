import { DataTypes, Deferrable, type ModelStatic, type Model, type Sequelize } from 'sequelize';
import type { FkGuardOptions } from 'sequelize-fk-guard';

/** One problem, or a few that belong together, in tables of their own; sick in a number of rows that chance decides. */
export interface Ailment {
  /** SQL that makes the tables; `sick` is a number from 3 to 6. */
  readonly tables: (sick: number) => string;
  readonly define: (sequelize: Sequelize) => void;
  readonly relations?: FkGuardOptions['relations'];
}

// Sequelize writes into what it is given, so each column gets an object of its own.
const id = () => ({ type: DataTypes.INTEGER, primaryKey: true });
const number = () => ({ type: DataTypes.INTEGER });
const OWNED = { onDelete: 'CASCADE' } as const;

const table = (sequelize: Sequelize, name: string, columns = {}): ModelStatic<Model> =>
  sequelize.define(name, { id: id(), ...columns }, { tableName: name });

/** Two tables, and a key from `childName.parentId` to `parentName`. */
const pair =
  (parentName: string, childName: string, options: object = OWNED, column: () => object = number) =>
  (sequelize: Sequelize): void => {
    const parent = table(sequelize, parentName);
    table(sequelize, childName, { parentId: column() }).belongsTo(parent, {
      foreignKey: 'parentId',
      ...options,
    });
  };

/** `parents` with ids from 1 to 40, and children of each of them and of `sick` more that are not there. */
const family = (parents: string, children: string, sick: number): string => `
  create table ${parents} (id int primary key, name text);
  create table ${children} (id int primary key, "parentId" int);
  insert into ${parents} select i from generate_series(1, 40) i;
  insert into ${children} select i, i from generate_series(1, ${40 + sick}) i;`;

/** Orphans with three levels below them, of which one only forgets. */
export const chain: Ailment = {
  tables: (sick) => `
    ${family('owners', 'pets', sick)}
    create table toys (id int primary key, "petId" int references pets on delete cascade);
    create table marks (id int primary key, "toyId" int references toys on delete cascade, "petId" int references pets on delete set null);
    insert into toys select i, 1 + i % ${40 + sick} from generate_series(1, 80) i;
    insert into marks select i, i, 1 + i * 7 % ${40 + sick} from generate_series(1, 80) i;`,
  define(sequelize) {
    pair('owners', 'pets')(sequelize);
    const { pets } = sequelize.models as Record<'pets', ModelStatic<Model>>;
    const toys = table(sequelize, 'toys', { petId: number() });
    const marks = table(sequelize, 'marks', { toyId: number(), petId: number() });
    toys.belongsTo(pets, { foreignKey: 'petId', ...OWNED });
    marks.belongsTo(toys, { foreignKey: 'toyId', ...OWNED });
    marks.belongsTo(pets, { foreignKey: 'petId', onDelete: 'SET NULL' });
  },
};

/** Values of the wrong type, some of them with another text form in the right one, some with none. */
const typed = (parents: string, children: string, rows: number, sick: number): string => `
  create table ${parents} (id int primary key);
  create table ${children} (id int primary key, "parentId" text not null default '1');
  create index ${children}_parent on ${children} ("parentId");
  insert into ${parents} select i from generate_series(1, 9) i;
  insert into ${children} select i, 1 + i % 9 from generate_series(1, ${rows}) i;
  update ${children} set "parentId" = '0' || "parentId" where id <= ${sick};
  update ${children} set "parentId" = 'none' where id > ${rows - sick};`;

/** What a conversion writes anew in one go; `rooms` has more rows than that, `cars` fewer. */
export const REWRITE_ROWS = 30;

export const others: readonly Ailment[] = [
  {
    tables: (sick) => family('readers', 'reviews', sick),
    define: pair('readers', 'reviews', { onDelete: 'SET NULL' }),
  },
  {
    tables: (sick) =>
      `${family('shelves', 'boxes', sick)} alter table boxes add constraint old foreign key ("parentId") references shelves on delete restrict not valid;`,
    define: pair('shelves', 'boxes'),
    relations: { 'boxes.parentId': { orphans: 'delete' } },
  },
  {
    tables: () =>
      `${family('cities', 'streets', 0)} alter table streets add foreign key ("parentId") references cities on update cascade on delete cascade, add constraint rival foreign key ("parentId") references cities;`,
    define: pair('cities', 'streets'),
  },
  {
    tables: () =>
      `${family('feasts', 'guests', 0)} alter table guests add foreign key ("parentId") references feasts on update cascade on delete cascade;`,
    define: pair('feasts', 'guests', OWNED, () => ({
      ...number(),
      references: { model: 'feasts', key: 'id', deferrable: new Deferrable.INITIALLY_DEFERRED() },
    })),
  },
  {
    tables: (sick) => `
      ${family('countries', 'towns', sick)} alter table countries drop constraint countries_pkey, alter column id drop not null;`,
    define: pair('countries', 'towns'),
  },
  {
    tables: (sick) => `
      ${family('books', 'loans', sick)} alter table books add column isbn int; update books set isbn = id;`,
    define(sequelize) {
      const books = table(sequelize, 'books', { isbn: number() });
      table(sequelize, 'loans', { parentId: number() }).belongsTo(books, {
        foreignKey: 'parentId',
        targetKey: 'isbn',
        ...OWNED,
      });
    },
  },
  {
    tables: (sick) => typed('makers', 'cars', 24, sick),
    define: pair('makers', 'cars', OWNED, () => ({ ...number(), allowNull: false, defaultValue: 1 })),
    relations: { 'cars.parentId': { disposable: true } },
  },
  {
    tables: (sick) => typed('houses', 'rooms', 60, sick),
    define: pair('houses', 'rooms', OWNED, () => ({ ...number(), allowNull: false, defaultValue: 1 })),
    relations: { 'rooms.parentId': { disposable: true } },
  },
  {
    tables: (sick) => family('teams', 'players', sick),
    define: pair('teams', 'players'),
    relations: { 'players.parentId': { createParent: ({ id }) => ({ name: `team ${id}` }) } },
  },
  {
    tables: (sick) => family('desks', 'chairs', sick),
    define: pair('desks', 'chairs'),
    relations: { 'chairs.parentId': { reparent: 1 } },
  },
  {
    tables: () => `
      create table lists (id int primary key, note text);
      insert into lists select i, i from generate_series(1, 20) i;
      create index lists_note on lists (note);
      update pg_index set indisvalid = false where indexrelid = 'lists_note'::regclass;`,
    define: (sequelize) => void table(sequelize, 'lists'),
  },
  {
    tables: (sick) => `
      create table pallets (no int not null) partition by range (no);
      create table pallets_low partition of pallets for values from (0) to (20);
      create table pallets_high partition of pallets for values from (20) to (100);
      create table labels (id int primary key, "parentId" int);
      insert into pallets select i from generate_series(1, 40) i;
      insert into labels select i, i from generate_series(1, ${40 + sick}) i;`,
    define(sequelize) {
      const pallets = sequelize.define('pallets', { no: number() }, { tableName: 'pallets' });
      pallets.removeAttribute('id');
      const labels = table(sequelize, 'labels', { parentId: number() });
      labels.belongsTo(pallets, { foreignKey: 'parentId', targetKey: 'no', ...OWNED });
    },
  },
  {
    tables: (sick) => `
      create table people (id int primary key);
      create table logs (id int, day int, "parentId" int, primary key (id, day)) partition by list (day);
      create index on logs ("parentId");
      create table logs_1 partition of logs for values in (1);
      create table logs_2 partition of logs for values in (2);
      insert into people select i from generate_series(1, 40) i;
      insert into logs select i, 1 + i % 2, i from generate_series(1, ${40 + sick}) i;`,
    define(sequelize) {
      const people = table(sequelize, 'people');
      const logs = table(sequelize, 'logs', { day: id(), parentId: number() });
      logs.belongsTo(people, { foreignKey: 'parentId', ...OWNED });
    },
  },
];
