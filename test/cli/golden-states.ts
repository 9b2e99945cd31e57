import { Sequelize } from 'sequelize';
import { defineModels } from '../../models';
import { createDatabase, SERVER_VARIABLE, type TestDatabase } from '../postgres/database';

export const STATES = ['healthy', 'broken', 'refused'] as const;
export type State = (typeof STATES)[number];

/** BookNexus as its models want it, with a few readers. */
export async function createLibrary(): Promise<TestDatabase> {
  const database = await createDatabase('golden');
  const sequelize = new Sequelize(database.url, { logging: false });
  defineModels(sequelize);
  await sequelize.sync();
  await sequelize.query(SEED);
  // Nobody may be connected to what is copied.
  await sequelize.close();
  return database;
}

const SEED = `
  insert into "Users" (id, name, email) select i, 'Reader ' || i, 'reader' || i || '@example.org' from generate_series(1, 50) i;
  insert into "Categories" (id, name) values (1, 'Novels');
  insert into "Books" (id, title, isbn, "categoryId") select i, 'Book ' || i, 'isbn-' || i, 1 from generate_series(1, 20) i;
  insert into "Checkouts" (id, "userId", "bookId", "dueAt") select i, 1 + i % 50, 1 + i % 20, now() from generate_series(1, 100) i;
  insert into "Fines" (id, "checkoutId", cents) select i, i, 200 from generate_series(1, 10) i;
  insert into "Reviews" (id, "userId", "bookId", stars, text) select i, 1 + i % 50, 1 + i % 20, 4, 'Good.' from generate_series(1, 30) i`;

/** What has happened to it: keys were dropped or are wrong, and readers were deleted meanwhile; many where it is refused. */
const DAMAGE: Readonly<Record<State, string>> = {
  healthy: '',
  broken: `
    alter table "Checkouts" drop constraint "Checkouts_userId_fkey";
    alter table "Reviews" drop constraint "Reviews_userId_fkey";
    alter table "Checkouts" drop constraint "Checkouts_bookId_fkey",
      add constraint "Checkouts_bookId_fkey" foreign key ("bookId") references "Books" on update cascade;
    delete from "Users" where id in (4, 7)`,
  refused: `
    alter table "Checkouts" drop constraint "Checkouts_userId_fkey";
    delete from "Users" where id > 20`,
};

/** One more database in that state. */
export async function inState(library: TestDatabase, state: State): Promise<TestDatabase> {
  const database = await createDatabase(`golden_${state}`, process.env[SERVER_VARIABLE], library.name);
  await database.query(DAMAGE[state]);
  return database;
}
