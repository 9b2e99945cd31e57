import { randomUUID } from 'node:crypto';
import { lastly } from '../cancel';
import { transaction, type Session } from '../db';
import type { Outcome, Step, StepResult } from '../outcome';
import { identifier, sql, type Sql } from '../sql';
import { createLedger, ledgerExists } from './ledger-schema';
import { assertUsable } from './ledger-state';
import { lastUnfinished } from './unfinished';
import { writing } from './session-settings';
import type { Settings } from '../options';

/** What was done, when and how long: the guard's own tables. */
export interface Ledger {
  readonly runId: string;
  /** The schema of the guard's tables, quoted. */
  readonly schema: Sql;
  /** The statement that records a step; it runs inside the step's own transaction. */
  record(session: Session, step: Step, result: Omit<StepResult, 'error'>): Promise<void>;
  finish(session: Session, outcome: Outcome): Promise<void>;
}

/** Creates what is missing of the guard's schema and opens a run; `origin` is the migration that makes it. Only the single runner may call it. */
export async function openLedger(session: Session, settings: Settings, origin?: string): Promise<Ledger> {
  const schema = identifier(settings.quarantine.schema);
  const runId = randomUUID();
  await transaction(session, 'read write', [writing(settings)], () =>
    startRun(session, settings, runId, origin),
  );
  return {
    runId,
    schema,
    record: (inSession, step, result) => recordStep(inSession, schema, runId, step, result),
    // Also of a run that was cancelled.
    finish: (inSession, outcome) => {
      const last = lastly(inSession);
      return transaction(last, 'read write', [writing(settings)], () =>
        finishRun(last, schema, runId, outcome),
      );
    },
  };
}

/** Opens a run and takes it back: whatever would keep the guard from its ledger is thrown now. Leaves nothing behind. */
export async function rehearseLedger(session: Session, settings: Settings): Promise<void> {
  const rehearsed = new Error('rehearsed');
  await transaction(session, 'read write', [writing(settings)], async () => {
    await startRun(session, settings, randomUUID(), undefined);
    throw rehearsed;
  }).catch((error: unknown) => {
    if (error !== rehearsed) throw error;
  });
}

async function startRun(
  session: Session,
  { quarantine }: Settings,
  runId: string,
  origin: string | undefined,
): Promise<void> {
  const schema = identifier(quarantine.schema);
  await assertUsable(session, quarantine.schema);
  const exists = await ledgerExists(session, quarantine.schema);
  for (const statement of createLedger(quarantine.schema, exists)) await session.query(statement);
  // We are the single runner, so a run that is still open belongs to a process that died.
  await session.query(
    sql`update ${schema}.run set status = 'interrupted', finished_at = pg_catalog.now() where status = 'running'`,
  );
  await session.query(
    sql`insert into ${schema}.run (id, origin, resumes) values ($1, $2, ${lastUnfinished(schema)})`,
    [runId, origin ?? null],
  );
}

async function recordStep(
  session: Session,
  schema: Sql,
  runId: string,
  step: Step,
  result: Omit<StepResult, 'error'>,
): Promise<void> {
  const statements = step.statements.map(({ sql: text }) => text).join(';\n');
  await session.query(
    sql`insert into ${schema}.step (run_id, id, title, change, sql, status, rows, duration_ms) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      runId,
      step.id,
      step.title,
      JSON.stringify(step.change),
      statements,
      result.status,
      result.rows,
      result.durationMs,
    ],
  );
}

async function finishRun(session: Session, schema: Sql, runId: string, outcome: Outcome): Promise<void> {
  const limited = outcome.steps.some(({ error }) => error?.code === 'LIMIT');
  const figures = {
    deleted: outcome.rowsDeleted,
    nullified: outcome.rowsNullified,
    ...(outcome.rowsReparented > 0 && { reparented: outcome.rowsReparented }),
    ...(outcome.parentsCreated > 0 && { created: outcome.parentsCreated }),
    quarantined: outcome.rowsQuarantined,
    ...(limited && { limited }),
  };
  await session.query(
    sql`update ${schema}.run set status = $2, finished_at = pg_catalog.now(), figures = figures || $3 where id = $1`,
    [runId, outcome.status, JSON.stringify(figures)],
  );
}
