import { Client } from 'pg';
import type { FkGuardOptions } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../../postgres/database';
import { cascade, guardAt } from '../../quarantine/setup';

/** Parents 1 to 3 with ten children each, an index, and no key yet. */
const TABLES = `
  create table parents (id int primary key);
  create table children (id int primary key, parent_id int);
  create index on children (parent_id);
  insert into parents select generate_series(1, 3);
  insert into children select i, 1 + i % 3 from generate_series(1, 30) i`;

const KEY = 'constraint children_parent foreign key (parent_id) references parents (id) on delete cascade';

export const VALID_KEY = `alter table children add ${KEY}`;
/** A child of nobody behind a key that nothing has proved. */
export const HIDDEN_ORPHAN = `insert into children values (31, 99); alter table children add ${KEY} not valid`;

export async function createFamily(...statements: readonly string[]): Promise<TestDatabase> {
  const database = await createDatabase('health');
  await database.query([TABLES, ...statements].join(';\n'));
  return database;
}

/** The key says the type of its column, so that a conversion is thought of where that is another one. */
export const guardOf = (url: string, options: FkGuardOptions = {}) =>
  guardAt(
    url,
    [{ ...cascade('public.children(parent_id)', 'public.parents(id)'), type: 'integer' }],
    options,
  );

/** What every connection of this process asks, from now on. */
export function listen(): string[] {
  const asked: string[] = [];
  const query = Client.prototype.query as unknown as (...values: unknown[]) => unknown;
  jest.spyOn(Client.prototype, 'query').mockImplementation(function (this: Client, ...values) {
    const [first] = values as unknown as [string | { readonly text: string }];
    asked.push(typeof first === 'string' ? first : first.text);
    return query.apply(this, values) as never;
  });
  return asked;
}

/** Statements that read an application's table. */
export const reads = (asked: readonly string[]): readonly string[] =>
  asked.filter((text) => text.includes('"public"."children"') || text.includes('"public"."parents"'));

/** Statements that begin a look at the catalog. */
export const looks = (asked: readonly string[]): readonly string[] =>
  asked.filter((text) => text.includes("'server_version_num') as version"));
