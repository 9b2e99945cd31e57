import type { Sql } from './sql';

/** The seven tables that hold rows, and the join table; parents before children. */
export const TABLES = [
  'Users',
  'Authors',
  'Categories',
  'Books',
  'BookAuthors',
  'Checkouts',
  'Fines',
  'Reviews',
] as const;

/** How many rows point at nothing, and how many stand below those that do. */
export interface Orphans {
  readonly ofUsers: number;
  readonly ofBooks: number;
  readonly ofCheckouts: number;
  /** Rows of `Checkouts` and `Fines` that cannot stay: the orphans, and the fines of orphaned checkouts. */
  readonly total: number;
}

const ORPHANED_CHECKOUT = `("userId" not in (select id from "Users") or "bookId" not in (select id from "Books"))`;
const ORPHANED_FINE = `"checkoutId" not in (select id from "Checkouts" where not ${ORPHANED_CHECKOUT})`;

/** Counts orphans with the queries that anybody would write. */
export async function orphansIn(sql: Sql): Promise<Orphans> {
  const count = (table: string, condition: string): Promise<number> =>
    sql.number(`select count(*) from "${table}" where ${condition}`);
  return {
    ofUsers: await count('Checkouts', '"userId" not in (select id from "Users")'),
    ofBooks: await count('Checkouts', '"bookId" not in (select id from "Books")'),
    ofCheckouts: await count('Fines', '"checkoutId" not in (select id from "Checkouts")'),
    total: (await count('Checkouts', ORPHANED_CHECKOUT)) + (await count('Fines', ORPHANED_FINE)),
  };
}

/** A digest of every row that nothing is wrong with: a repair must not change it. */
export function soundRows(sql: Sql): Promise<string> {
  const conditions: Readonly<Record<string, string>> = {
    Checkouts: `not ${ORPHANED_CHECKOUT}`,
    Fines: `not ${ORPHANED_FINE}`,
  };
  return digest(sql, (table) => conditions[table] ?? 'true');
}

/** A digest of all rows, keys and schemas: what only looks must not change it. */
export async function everything(sql: Sql): Promise<string> {
  const schemas = await sql.text(
    `select string_agg(nspname, ',' order by nspname) from pg_namespace where nspname !~ '^pg_'`,
  );
  const keys = JSON.stringify(await keysOf(sql));
  return [schemas, keys, await digest(sql, () => 'true')].join('\n');
}

async function digest(sql: Sql, condition: (table: string) => string): Promise<string> {
  const digests: string[] = [];
  for (const table of TABLES) {
    const rows = `select coalesce(md5(string_agg(t::text, ';' order by t::text)), '') from "${table}" t where ${condition(table)}`;
    digests.push(`${table} ${await sql.text(rows)}`);
  }
  return digests.join('\n');
}

/** A constraint as `pg_constraint` has it. */
export interface Key {
  readonly oid: number;
  readonly on: string;
  readonly columns: string;
  readonly definition: string;
  readonly validated: boolean;
}

/** Every primary and foreign key of BookNexus. */
export async function keysOf(sql: Sql): Promise<readonly Key[]> {
  const rows = await sql.rows(`
    select c.oid::int as oid, t.relname as on, c.convalidated as validated, pg_get_constraintdef(c.oid) as definition,
           (select string_agg(a.attname, ',' order by a.attnum)
              from pg_attribute a where a.attrelid = t.oid and a.attnum = any (c.conkey)) as columns
      from pg_constraint c join pg_class t on t.oid = c.conrelid
     where c.contype in ('p', 'f') and t.relnamespace = 'public'::regnamespace
     order by t.relname, columns, c.oid`);
  return rows.map(({ oid, on, columns, definition, validated }) => ({
    oid: Number(oid),
    on: String(on),
    columns: String(columns),
    definition: String(definition),
    validated: validated === true,
  }));
}

/** True when exactly one validated foreign key stands on this column, and it says this. */
export function isOnlyKey(keys: readonly Key[], on: string, column: string, definition: string): boolean {
  const own = keys.filter(
    (key) => key.on === on && key.columns === column && key.definition.startsWith('FOREIGN KEY'),
  );
  return own.length === 1 && own[0]?.definition === definition && own[0].validated;
}
