import { Deferrable, type Model, type ModelStatic } from 'sequelize';
import { family, id, number, OWNED, pair, table, typed, type Ailment } from './ailment';

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
