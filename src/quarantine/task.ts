import { readCatalog } from '../catalog/read';
import { readServer } from '../catalog/server';
import { catalogSearchPath, sessionGuards } from '../catalog/session-guards';
import { text } from '../catalog/row';
import type { Change } from '../changes/change';
import { transaction, type Session } from '../db';
import { FkGuardError } from '../errors';
import type { Work } from '../execution/work';
import { groupBy } from '../group-by';
import { sameNames, sameTable, tableId } from '../names';
import { reachOf, type Reach } from '../reach';
import type { Catalog, Table } from '../schema';
import { sql } from '../sql';
import type { Path } from './taken';

export type CleanChange = Extract<Change, { readonly op: 'clean-orphans' }>;

/** What every batch of one clean-up has to know, read from the catalog as it is after the fences. */
export interface Task {
  readonly change: CleanChange;
  /** The child's table. */
  readonly table: Table;
  /** Every table whose rows can go or change, the child's first. */
  readonly tables: readonly Table[];
  readonly reach: Reach;
  /** Keys and keyless relations through which a row must not be left behind. */
  readonly blocking: readonly (Path & { readonly name: string })[];
  /** The application's own, under which its triggers expect to run. */
  readonly searchPath: string;
  /** Of all keys, triggers and rules: a batch that sees another one stops. */
  readonly fingerprint: string;
}

/** Reads the live keys below the child's table; they, and not the models, decide what a delete takes along. */
export async function prepareTask({ session, step }: Work, change: CleanChange): Promise<Task> {
  return transaction(session, 'read only', sessionGuards, async () => {
    const [path] = await session.query(sql`select pg_catalog.current_setting('search_path') as path`);
    const server = await readServer(session);
    await session.query(catalogSearchPath);
    const fingerprint = await readFingerprint(session);
    return { ...taskOf(change, await readCatalog(session, server), step.title), fingerprint, searchPath: path?.['path'] ?? '' };
  });
}

/** A digest of everything that decides what a delete does. */
export async function readFingerprint(session: Session): Promise<string> {
  const [row] = await session.query(fingerprint);
  return text(row, 'digest');
}

const fingerprint = sql`
  select pg_catalog.md5(pg_catalog.concat_ws('|',
    (select pg_catalog.string_agg(pg_catalog.concat_ws(',', c.oid, c.conrelid, c.confrelid, c.conkey, c.confkey, c.confdeltype), ';' order by c.oid)
       from pg_catalog.pg_constraint c where c.contype = 'f'),
    (select pg_catalog.string_agg(pg_catalog.concat_ws(',', t.oid, t.tgrelid, t.tgtype, t.tgenabled), ';' order by t.oid) from pg_catalog.pg_trigger t),
    (select pg_catalog.string_agg(pg_catalog.concat_ws(',', r.oid, r.ev_enabled), ';' order by r.oid) from pg_catalog.pg_rewrite r where r.ev_type <> '1'))) as digest`;

function taskOf(change: CleanChange, catalog: Catalog, title: string): Omit<Task, 'fingerprint' | 'searchPath'> {
  const { child } = change.orphans;
  const reach = change.strategy === 'delete' ? reachOf(child, catalog) : { deletes: [child], keys: [] };
  const byName = groupBy(catalog.tables, ({ name }) => tableId(name));
  const names = new Set([child, ...reach.deletes, ...reach.keys.map((key) => key.child)].map(tableId));
  const tables = [...names].flatMap((name) => byName.get(name) ?? []);
  const table = tables[0];
  if (!table) throw new FkGuardError('PLAN_STALE', `${title}: the table ${tableId(child)} is gone.`, 'Make a new plan.');
  const keys = reach.keys.filter(({ onDelete }) => onDelete === 'RESTRICT' || onDelete === 'NO ACTION');
  return { change, table, tables, reach, blocking: [...keys, ...withoutKey(change, reach, catalog)] };
}

/** Relations of the models on rows that would go, and that no key watches over: their children would become orphans. */
const withoutKey = ({ watch }: CleanChange, { deletes }: Reach, { foreignKeys }: Catalog): readonly (Path & { readonly name: string })[] =>
  watch
    .filter((path) => deletes.some((name) => sameTable(name, path.parent)))
    .filter((path) => !foreignKeys.some((key) => sameTable(key.child, path.child) && sameTable(key.parent, path.parent) && sameNames(key.childColumns, path.childColumns)))
    .map((path) => ({ ...path, name: `${tableId(path.child)}(${path.childColumns.join(', ')}), which has no key` }));
