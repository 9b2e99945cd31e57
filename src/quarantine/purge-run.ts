import { count, json, text } from '../catalog/row';
import type { Row } from '../db';
import { describeBlockers } from '../execution/blockers';
import { retryLocks } from '../execution/retry';
import type { Figures } from '../execution/runs';
import type { Runner } from '../execution/runner';
import { asOnlyWriter } from '../execution/step-lock';
import { writing } from '../execution/session-settings';
import type { Session } from '../db';
import type { Events } from '../events';
import { groupBy } from '../group-by';
import type { Settings } from '../options';
import { tableId } from '../names';
import type { PurgedRun } from '../quarantine-outcome';
import { identifier, integer, sql, type Sql } from '../sql';
import { treated } from './contents';

/** What the purge of one run works with. */
export interface PurgeWork {
  readonly session: Session;
  readonly settings: Settings;
  readonly events: Events;
  readonly runner: Runner;
}

const BATCH = 5_000;

/** Takes the copies of one run away, batch by batch, each a transaction that writes down what it took. `report` hears of each after its commit. */
export async function purgeRun(
  work: PurgeWork,
  { runId }: Pick<PurgedRun, 'runId'>,
  report: (rows: number) => void,
): Promise<void> {
  const { session, settings, events, runner } = work;
  const { schema } = settings.quarantine;
  const size = settings.batchSize === 'auto' ? BATCH : settings.batchSize;
  for (let after = '0', rows = Infinity; rows > 0;) {
    const attempt = () =>
      asOnlyWriter(session, runner, [writing(settings)], () =>
        purgeBatch(session, identifier(schema), runId, after, size),
      );
    const batch = await retryLocks(attempt, {
      budget: settings.lockBudget,
      what: `Purge the copies of run ${runId}`,
      events,
      blockers: () =>
        describeBlockers(session, [{ table: { schema, name: 'quarantine' }, mode: 'ROW EXCLUSIVE' }]),
      runner,
    });
    ({ rows, last: after } = batch);
    if (rows > 0) report(rows);
  }
}

/** In the order of the copies' own numbers, so that no batch goes over the dead rows of those before it. */
async function purgeBatch(
  session: Session,
  ledger: Sql,
  runId: string,
  after: string,
  size: number,
): Promise<{ readonly rows: number; readonly last: string }> {
  const gone = await session.query(
    sql`
    with listed as (
      select q.id from ${ledger}.quarantine q where q.run_id = $1::uuid and q.id > $2::bigint order by q.id limit ${integer(size)}),
    gone as (
      delete from ${ledger}.quarantine q using listed where q.id = listed.id
      returning q.id, q.table_schema, q.table_name, q.action, q.restored_at is not null as restored,
                ${treated.deleted} as deleted, ${treated.nullified} as nullified, ${treated.reparented} as reparented, ${treated.converted} as converted)
    select g.table_schema, g.table_name, pg_catalog.max(g.id) as last, pg_catalog.count(*) as rows,
           pg_catalog.count(*) filter (where g.restored) as restored,
           pg_catalog.count(*) filter (where not g.restored and not g.converted) as open_rows,
           pg_catalog.count(*) filter (where not g.restored and g.action = 'delete') as open_deletes,
           pg_catalog.count(*) filter (where g.deleted) as deleted, pg_catalog.count(*) filter (where g.nullified) as nullified,
           pg_catalog.count(*) filter (where g.reparented) as reparented, pg_catalog.count(*) filter (where g.converted) as converted
      from gone g group by 1, 2 order by 1, 2`,
    [runId, after],
  );
  if (gone.length > 0) await writeDown(session, ledger, runId, gone);
  const last = gone.map((row) => BigInt(text(row, 'last'))).reduce((a, b) => (a > b ? a : b), BigInt(after));
  return { rows: sum(gone, 'rows'), last: String(last) };
}

type Taken = { readonly table: string; readonly rows: number; readonly deleted: number };

/**
 * The run stays in the ledger, and says what was purged. `taken` keeps what no copy tells any more: a run that goes on
 * from this one counts the same rows for its limits as if the copies were there.
 */
async function writeDown(session: Session, ledger: Sql, runId: string, gone: readonly Row[]): Promise<void> {
  const [run] = await session.query(
    sql`select r.figures from ${ledger}.run r where r.id = $1::uuid for update`,
    [runId],
  );
  const { taken = [], purged } = json<Figures & { readonly taken?: readonly Taken[] }>(run, 'figures');
  const now = gone.map((row): Taken => ({
    table: tableId({ schema: text(row, 'table_schema'), name: text(row, 'table_name') }),
    rows: count(row, 'open_rows'),
    deleted: count(row, 'open_deletes'),
  }));
  const sums = [...groupBy([...taken, ...now], ({ table }) => table)].map(([table, all]) => ({
    table,
    rows: all.reduce((total, { rows }) => total + rows, 0),
    deleted: all.reduce((total, { deleted }) => total + deleted, 0),
  }));
  const counted = (['rows', 'restored', 'deleted', 'nullified', 'reparented', 'converted'] as const).map(
    (figure) => [figure, (purged?.[figure] ?? 0) + sum(gone, figure)] as const,
  );
  await session.query(
    sql`
    update ${ledger}.run r
       set figures = r.figures || pg_catalog.jsonb_build_object('taken', $2::jsonb, 'purged', $3::jsonb || pg_catalog.jsonb_build_object(
             'by', current_user, 'at', pg_catalog.to_char(pg_catalog.clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
     where r.id = $1::uuid`,
    [runId, JSON.stringify(sums), JSON.stringify(Object.fromEntries(counted))],
  );
}

const sum = (rows: readonly Row[], figure: string): number =>
  rows.reduce((total, row) => total + count(row, figure), 0);
