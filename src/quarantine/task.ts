import { readCatalog } from '../catalog/read';
import { readServer } from '../catalog/server';
import { catalogSearchPath, sessionGuards } from '../catalog/session-guards';
import type { Change, OrphanCondition } from '../changes/change';
import { FkGuardError } from '../errors';
import { readOnly } from '../execution/look';
import type { Work } from '../execution/work';
import { groupBy } from '../group-by';
import { tableId } from '../names';
import { changedBehind, hooksOn, keysOnto, reachOf, type Reach } from '../policy/reach';
import { partitionTree } from '../policy/partition-tree';
import { notAllowed } from '../policy/user-triggers';
import type { Catalog, Table } from '../catalog/catalog';
import type { TableName } from '../schema';
import { sql } from '../sql';
import { actingKey, asKeyCompares } from './as-key-compares';
import { readFingerprint } from './delete-fingerprint';
import { judgedBy, type JudgedBy } from './judged-by';
import { layoutOf, type Layout } from './layout';
import type { NamedPath } from './taken';
import { assertNothingUnclear } from './unclear-below';
import { decidedKeys, readAddedKeys, withoutKey, type WatchedPath } from './watch';

export type CleanChange = Extract<Change, { readonly orphans: OrphanCondition }>;

/** The columns that a clean-up changes; none where it deletes. */
export const changedColumnsOf = ({ strategy, nullColumns, orphans }: CleanChange): readonly string[] =>
  strategy === 'delete' ? [] : (nullColumns ?? orphans.childColumns);

/** What every batch of one clean-up has to know, read from the catalog as it is after the fences. */
export interface Task {
  readonly change: CleanChange;
  /** The child's table. */
  readonly table: Table;
  /** Every table whose rows can go or change, the child's first. */
  readonly tables: readonly Table[];
  readonly reach: Reach;
  /** True when a row of one table can be a row of the other: the same, or a part of it. */
  readonly meets: (one: TableName, other: TableName) => boolean;
  /** Keys and keyless relations through which a row must not be left behind. */
  readonly blocking: readonly NamedPath[];
  /** Keys that point at columns which are set to null or a default: their rows would change behind that. */
  readonly onto: readonly NamedPath[];
  /** The key that keeps new orphans away and has not been validated, by its name. */
  readonly fence: string | undefined;
  /** True when triggers or rules of the application act on these rows, as the options allow. */
  readonly hooked: boolean;
  /** The application's own, under which its triggers expect to run. */
  readonly searchPath: string;
  /** Of all keys, triggers and rules: a batch that sees another one stops. */
  readonly fingerprint: string;
  /** Of the tables and their partitions: a batch that sees another one stops. */
  readonly layout: Layout;
  /** The parent that the orphans were counted by: a batch that sees another one stops. */
  readonly judgedBy: JudgedBy | undefined;
}

/** Reads the live keys below the child's table; they, and not the models, decide what a delete takes along. */
export async function prepareTask(
  { session, step, settings, ledger, deadline, seen }: Work,
  planned: CleanChange,
): Promise<Task> {
  return readOnly(session, { settings, deadline }, sessionGuards, async () => {
    const [path] = await session.query(sql`select pg_catalog.current_setting('search_path') as path`);
    const server = await readServer(session);
    await session.query(catalogSearchPath);
    const fingerprint = await readFingerprint(session);
    const catalog = await readCatalog(session, server);
    const change = { ...planned, orphans: asKeyCompares(planned.orphans, catalog) };
    // The plan's own fences may have made triggers reachable that were not so when it was made.
    const start = { table: change.orphans.child, columns: changedColumnsOf(change) };
    const hooks = hooksOn(start, change.strategy, catalog);
    const unexpected = notAllowed(hooks, settings.triggers);
    if (unexpected) throw userTrigger(step.title, unexpected);
    const decided = decidedKeys(catalog, change.watch, await readAddedKeys(session, ledger.schema));
    const { unclear, ...task } = taskOf(change, catalog, decided, step.title);
    await assertNothingUnclear(session, change, unclear);
    return {
      ...task,
      fence: fenceOf(change.orphans, catalog),
      hooked: hooks.length > 0,
      fingerprint,
      layout: layoutOf(task.tables, catalog),
      judgedBy: judgedBy(seen, change.orphans),
      searchPath: path?.['path'] ?? '',
    };
  });
}

function fenceOf(orphans: OrphanCondition, catalog: Catalog): string | undefined {
  const key = actingKey(orphans, catalog);
  return key && !key.validated && !orphans.uncastable ? key.name : undefined;
}

function taskOf(
  change: CleanChange,
  catalog: Catalog,
  decided: Catalog,
  title: string,
): Omit<Task, 'fingerprint' | 'layout' | 'judgedBy' | 'searchPath' | 'hooked' | 'fence'> & {
  readonly unclear: readonly WatchedPath[];
} {
  const { child } = change.orphans;
  const reach = change.strategy === 'delete' ? reachOf(child, decided) : { deletes: [], keys: [], idle: [] };
  const byName = groupBy(catalog.tables, ({ name }) => tableId(name));
  const names = new Set([child, ...reach.deletes, ...reach.keys.map((key) => key.child)].map(tableId));
  const tables = [...names].flatMap((name) => byName.get(name) ?? []);
  const table = tables[0];
  if (!table)
    throw new FkGuardError(
      'PLAN_STALE',
      `${title}: the table ${tableId(child)} is gone.`,
      'Make a new plan.',
    );
  const restricting = reach.keys.filter(
    ({ onDelete }) => onDelete === 'RESTRICT' || onDelete === 'NO ACTION',
  );
  const keyless = withoutKey(change.watch, reach.deletes, decided, catalog);
  return {
    change,
    table,
    tables,
    reach,
    meets: meetsIn(catalog),
    blocking: [...restricting, ...reach.idle, ...keyless.filter(({ unclear }) => !unclear)],
    unclear: keyless.filter(({ unclear }) => unclear),
    onto: keysOnto(
      change.strategy === 'delete'
        ? changedBehind(reach)
        : [{ table: child, columns: changedColumnsOf(change) }],
      catalog,
    ),
  };
}

const userTrigger = (
  title: string,
  { words, option }: NonNullable<ReturnType<typeof notAllowed>>,
): FkGuardError =>
  new FkGuardError(
    'USER_TRIGGER',
    `${title}: ${words} would act on these rows.`,
    `Look at what it does; to let it, set ${option}.`,
  );

function meetsIn(catalog: Catalog): Task['meets'] {
  const { isPartOf } = partitionTree(catalog);
  return (one, other) => isPartOf(one, other) || isPartOf(other, one);
}
