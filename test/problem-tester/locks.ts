import { escapeIdentifier } from 'pg';
import type { Plan } from 'sequelize-fk-guard';
import { reconnectingClient, type Judge } from '../postgres/judge';
import type { TestDatabase } from '../postgres/database';
import { cleanByHand, fillByHand } from './clean-by-hand';

type Step = Plan['steps'][number];
type Locks = Readonly<Record<string, string>>;

/** A statement with the strongest lock on each table, after it, in its transaction. */
export interface LockedStatement {
  readonly sql: string;
  readonly locks: Locks;
}

/** PostgreSQL's table locks from the weakest to the strongest (manual, 13.3.1). */
const MODES = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
];

/** The locks that a plan says its statements take; those of one step add up, as its statements share a transaction. */
export const declaredLocks = (
  { steps }: Plan,
  rootOf: (table: string) => string,
): readonly LockedStatement[] =>
  steps.flatMap(({ statements }) =>
    statements.map(({ sql }, i) => ({
      sql,
      locks: strongest(
        statements
          .slice(0, i + 1)
          .flatMap(({ locks }) =>
            locks.map(({ table, mode }) => [rootOf(`${table.schema}.${table.name}`), mode] as const),
          ),
      ),
    })),
  );

/** Which table a partition belongs to in the end; any other table is its own. */
export async function rootsOf(database: Judge): Promise<(table: string) => string> {
  const rows = await database.query<{ name: string; root: string }>(`
    select n.nspname || '.' || c.relname as name, rn.nspname || '.' || r.relname as root
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_class r on r.oid = pg_partition_root(c.oid) join pg_namespace rn on rn.oid = r.relnamespace
     where c.relispartition`);
  const roots = new Map(rows.map(({ name, root }) => [name, root]));
  return (table) => roots.get(table) ?? table;
}

/** Carries a plan out by hand and looks into `pg_locks` after every statement. */
export async function observedLocks(
  database: TestDatabase,
  { steps }: Plan,
): Promise<readonly LockedStatement[]> {
  const observed: LockedStatement[] = [];
  for (const step of steps) {
    if ('orphans' in step.change) await cleanByHand(database, step.change);
    else if (step.change.op === 'fill-shadow-column') await fillByHand(database, step.change);
    else if (/\bconcurrently\b/.test(step.statements[0]?.sql ?? ''))
      observed.push(await observeAlone(database, step));
    else observed.push(...(await observeTransaction(database, step)));
  }
  return observed;
}

async function observeTransaction(
  database: Judge,
  { statements }: Step,
): Promise<readonly LockedStatement[]> {
  const observed: LockedStatement[] = [];
  await database.query('begin');
  for (const { sql } of statements) {
    await database.query(sql);
    observed.push({ sql, locks: await locksOf(database, 'pg_backend_pid()') });
  }
  await database.query('commit');
  return observed;
}

/** What takes no transaction is held up by an open writer, and then stands there with its locks to be looked at. */
async function observeAlone(database: TestDatabase, { statements, change }: Step): Promise<LockedStatement> {
  const sql = statements[0]?.sql ?? '';
  const table =
    'table' in change ? change.table : 'conversion' in change ? change.conversion.table : undefined;
  if (!table || statements.length !== 1) throw new Error(`not one statement on one table: ${sql}`);
  const name = `${escapeIdentifier(table.schema)}.${escapeIdentifier(table.name)}`;
  const worker = reconnectingClient(database.url);
  try {
    const [{ pid } = { pid: 0 }] = await worker.query<{ pid: number }>('select pg_backend_pid() as pid');
    await database.query(`begin; lock table ${name} in row exclusive mode`);
    const built = worker.query(sql);
    await untilItWaits(database, pid);
    const locks = await locksOf(database, String(pid));
    await database.query('commit');
    await built;
    return { sql, locks };
  } finally {
    await worker.end();
  }
}

async function untilItWaits(database: Judge, pid: number): Promise<void> {
  const waits = `select exists (select from pg_locks where pid = ${pid} and not granted) as waits, pg_sleep(0.01)`;
  while (!(await database.query<{ waits: boolean }>(waits))[0]?.waits);
}

/** The locks of one session. A lock on a partition counts as one on its table; what is waited for counts as taken. */
export async function locksOf(database: Judge, pid: string): Promise<Locks> {
  const rows = await database.query<{ name: string; mode: string }>(`
    select n.nspname || '.' || c.relname as name, l.mode
      from pg_locks l
      join pg_class held on held.oid = l.relation and held.relkind in ('r', 'p')
      join pg_class c on c.oid = coalesce(pg_partition_root(l.relation), l.relation)
      join pg_namespace n on n.oid = c.relnamespace
     where l.pid = ${pid} and l.locktype = 'relation' and l.database = (select oid from pg_database where datname = current_database())
       and n.nspname !~ '^pg_'`);
  return strongest(rows.map(({ name, mode }) => [name, modeOf(mode)] as const));
}

/** `ShareRowExclusiveLock` is SHARE ROW EXCLUSIVE. */
const modeOf = (mode: string): string =>
  mode
    .replace(/Lock$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase();

/** Readers get through ACCESS SHARE, the lock of a plain query: only what is stronger is worth declaring. */
function strongest(locks: readonly (readonly [table: string, mode: string])[]): Locks {
  const worth = locks.filter(([, mode]) => mode !== 'ACCESS SHARE');
  return Object.fromEntries(
    worth.toSorted(
      ([a, left], [b, right]) => a.localeCompare(b) || MODES.indexOf(left) - MODES.indexOf(right),
    ),
  );
}
