import { sql, type Sql } from '../sql';

/**
 * What every read transaction of the guard starts with, before its first question.
 *
 * With row_security off a policy raises 42501 instead of hiding parents (manual, 20.11), which would make orphans
 * of good rows. Compiling the catalog queries takes longer than running them (5,000 tables: 2.1 s against 0.7 s),
 * and an anti-join gains nothing by it. The catalog queries name their tables in a good order already: to look for a
 * better one costs a third of a look at a small database and finds none at 5,000 tables. Under quote_all_identifiers
 * `format_type` would say `"text"`.
 */
export const sessionGuards: readonly Sql[] = [
  sql`set local row_security = off`,
  sql`set local jit = off`,
  sql`set local join_collapse_limit = 1`,
  sql`set local quote_all_identifiers = off`,
];

/**
 * Makes PostgreSQL's own operators and functions the only ones, for `readCatalog` and for what follows it.
 *
 * To be run after `readServer`, which reads the application's search_path. `pg_get_constraintdef` and
 * `format_type` leave out the schema of whatever is on the path: under this one they name it always.
 */
export const catalogSearchPath: Sql = sql`set local search_path = pg_catalog`;
