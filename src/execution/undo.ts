import { json, text } from '../catalog/row';
import { catalogSearchPath } from '../catalog/session-guards';
import type { Change } from '../changes/change';
import { undoStatementsOf } from '../changes/undo-statement';
import { withSession, type Database, type Row, type Session } from '../db';
import type { Events } from '../events';
import { describeBlockers } from './blockers';
import { queueGuard } from './queue';
import { retryLocks } from './retry';
import { becomeRunner, type Runner } from './runner';
import { asOnlyWriter } from './step-lock';
import { readOnly } from './look';
import { writing } from './session-settings';
import type { Settings } from '../options';
import { identifier, sql, type Sql } from '../sql';

/**
 * Takes back the constraints of the last run that a migration made; rows are the business of `restore`. Keys that
 * were dropped come back NOT VALID. Does nothing when that migration had nothing to do. Returns the steps undone.
 */
export async function undoConstraints(
  database: Database,
  settings: Settings,
  events: Events,
  origin: string,
): Promise<number> {
  const runner = await becomeRunner(database, settings, events);
  try {
    return await withSession(database, (session) => undoLastRun(session, settings, events, runner, origin));
  } finally {
    await runner.release();
  }
}

async function undoLastRun(
  session: Session,
  settings: Settings,
  events: Events,
  runner: Runner,
  origin: string,
): Promise<number> {
  const ledger = identifier(settings.quarantine.schema);
  const steps = await readOnly(session, { settings, deadline: Infinity }, [catalogSearchPath], () =>
    stepsOfLastRun(session, settings, origin),
  );
  for (const row of steps) {
    const statements = undoStatementsOf(json<Change>(row, 'change'));
    const locks = statements.flatMap((statement) => statement.locks);
    const mayQueue = queueGuard(settings.lockTimeout);
    const undo = () =>
      asOnlyWriter(session, runner, [writing(settings)], async () => {
        await mayQueue(session, locks);
        for (const statement of statements) await session.query(statement.sql);
        await markUndone(session, ledger, text(row, 'run_id'), text(row, 'id'));
      });
    await retryLocks(undo, {
      budget: settings.lockBudget,
      what: `Undo: ${text(row, 'title')}`,
      events,
      blockers: () => describeBlockers(session, locks),
      runner,
    });
  }
  return steps.length;
}

/** Latest first; none where there is no ledger. */
async function stepsOfLastRun(
  session: Session,
  { quarantine: { schema } }: Settings,
  origin: string,
): Promise<readonly Row[]> {
  const ledger = identifier(schema);
  const [exists] = await session.query(
    sql`select 1 as found from pg_catalog.pg_namespace n where n.nspname = $1`,
    [schema],
  );
  if (!exists) return [];
  return session.query(
    sql`
    select s.run_id, s.id, s.title, s.change from ${ledger}.step s
     where s.undone_at is null
       and s.run_id = (select r.id from ${ledger}.run r where r.origin = $1 order by r.started_at desc limit 1)
     order by s.finished_at desc`,
    [origin],
  );
}

const markUndone = (session: Session, ledger: Sql, runId: string, step: string) =>
  session.query(
    sql`update ${ledger}.step s set undone_at = pg_catalog.clock_timestamp() where s.run_id::text = $1 and s.id = $2`,
    [runId, step],
  );
