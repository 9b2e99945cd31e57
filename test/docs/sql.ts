import type { Judge } from '../postgres/judge';
import { placeOf, type Block } from './markdown';

/** Runs the statements of a block and takes all of it back; gives what is wrong with it, if anything. */
export async function sqlFault(block: Block, database: Judge): Promise<string | undefined> {
  await database.query('begin');
  try {
    await database.query(block.text);
    return undefined;
  } catch (error) {
    return `${placeOf(block)} ${String(error)}`;
  } finally {
    await database.query('rollback');
  }
}

/** Everything that PostgreSQL says to these statements, each of which fails. */
export async function saidTo(statements: readonly string[], database: Judge): Promise<readonly string[]> {
  const said: string[] = [];
  for (const statement of statements)
    await database.query(statement).then(
      () => said.push(`${statement} did not fail`),
      (error: { readonly message: string; readonly detail?: string }) =>
        said.push(error.message, ...(error.detail === undefined ? [] : [error.detail])),
    );
  return said;
}

/** What leads to the errors that people search for, on tables of its own. */
export const TABLES_OF_ERRORS = `
  create schema errors;
  set search_path = errors;
  create table "Users" (id integer primary key);
  create table "Checkouts" (id integer, "userId" integer);
  create table "Sessions" ("userId" text);
  insert into "Users" values (1);
  insert into "Checkouts" values (1, 4);`;

export const ERRORS = [
  `alter table "Checkouts" add constraint "Checkouts_userId_fkey" foreign key ("userId") references "Users" (id)`,
  `do $$ begin
     delete from "Checkouts"; insert into "Checkouts" values (1, 1);
     alter table "Checkouts" add constraint "Checkouts_userId_fkey" foreign key ("userId") references "Users" (id);
     delete from "Users";
   end $$`,
  `do $$ begin
     delete from "Checkouts";
     alter table "Checkouts" add constraint "Checkouts_userId_fkey" foreign key ("userId") references "Users" (id);
     insert into "Checkouts" values (1, 4);
   end $$`,
  `do $$ begin
     alter table "Users" drop constraint "Users_pkey";
     alter table "Checkouts" add foreign key ("userId") references "Users" (id);
   end $$`,
  `alter table "Sessions" add constraint "Sessions_userId_fkey" foreign key ("userId") references "Users" (id)`,
] as const;
