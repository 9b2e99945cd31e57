import { lastly } from '../cancel';
import { statementsOf, type Statement } from '../changes/statement';
import { transaction, type Session } from '../db';
import { FkGuardError } from '../errors';
import { qualified, sql } from '../sql';
import { describeBlockers, describeBlockersOutside } from './blockers';
import { inOwnSession } from './own-session';
import { queueGuard } from './queue';
import { retryLocks } from './retry';
import { smallHash } from './small-hash';
import { asOnlyWriter } from './step-lock';
import { outside, setSession, writing } from './session-settings';
import { within } from './time-left';
import type { Work } from './work';

/** Runs the DDL of one step: together in a transaction with its ledger row, or alone where PostgreSQL wants that. */
export async function runStatements(work: Work, record: () => Promise<void>): Promise<void> {
  const statements = statementsOf(work.step.change);
  const { events, step, runner, session } = work;
  const inTransaction = statements.every(({ transactional }) => transactional);
  const locks = statements.flatMap((statement) => statement.locks);
  const mayQueue = queueGuard(work.settings.lockTimeout);
  const attempt = inTransaction
    ? () => together(work, statements, () => mayQueue(session, locks), record)
    : () => alone(work, statements, record);
  const describe = inTransaction ? describeBlockers : describeBlockersOutside;
  const blockers = () => describe(session, locks);
  await retryLocks(attempt, {
    budget: within(work.settings, work.deadline).lockBudget,
    what: step.title,
    events,
    blockers,
    runner,
  });
}

const together = (
  { session, settings, deadline, runner }: Work,
  statements: readonly Statement[],
  mayQueue: () => Promise<void>,
  record: () => Promise<void>,
): Promise<void> => {
  const own = statements.flatMap(({ joins }) => (joins ? [smallHash.ofValidation(joins)] : []));
  return asOnlyWriter(session, runner, [writing(within(settings, deadline)), ...own], async () => {
    await mayQueue();
    for (const statement of statements) await run(session, statement);
    await record();
  });
};

async function run(session: Session, { sql: statement, nothing }: Statement): Promise<void> {
  const rows = await session.query(statement);
  if (nothing === undefined || rows.length === 0) return;
  const names = rows.map(({ name }) => name).join(', ');
  throw new FkGuardError(
    'PLAN_STALE',
    `Nothing was done: there are ${nothing}: ${names}.`,
    'Run again: a new plan sees them.',
  );
}

/**
 * `create index concurrently` takes no transaction, so its timeout is the session's. It may wait longer than others:
 * what it waits for are old transactions, and nobody queues behind it. What is built cannot be taken back, so it is
 * recorded even when the run's lock was lost meanwhile: the step lock has kept everybody else away.
 */
async function alone(
  work: Work,
  statements: readonly Statement[],
  record: () => Promise<void>,
): Promise<void> {
  const { session, settings, runner, deadline } = work;
  await inOwnSession(session, outside(within(settings, deadline)), async () => {
    for (const statement of statements) {
      runner.assertHeld();
      await confirm(work, statement);
      await session.query(statement.sql).catch(async (error: unknown) => {
        if (statement.afterFailure) await tidy(work, statement.afterFailure).catch(leftBehind(error));
        throw error;
      });
    }
    await transaction(session, 'read write', [writing(settings)], record);
  });
}

async function tidy(work: Work, statement: Statement): Promise<void> {
  const { runner, settings } = work;
  const session = lastly(work.session);
  runner.assertHeld();
  // Who has cancelled it does not wait for old transactions.
  if (runner.signal.aborted) await session.query(setSession({ lock_timeout: `${settings.lockTimeout}` }));
  await confirm({ ...work, session }, statement);
  await session.query(statement.sql);
}

/** The first error is the one that matters; who has cancelled is told what is still there. */
const leftBehind = (error: unknown) => () => {
  if (error instanceof FkGuardError && error.code === 'CANCELLED')
    throw new FkGuardError(
      'CANCELLED',
      'Cancelled: an index that is not valid is left behind.',
      'The next run drops it; what is done stays done.',
      error,
    );
};

/** Looks, under the lock that the statement will take, whether it may still be run; throws `PLAN_STALE` when not. */
async function confirm({ session, settings, step }: Work, { onlyIf, locks }: Statement): Promise<void> {
  if (!onlyIf) return;
  const found = await transaction(session, 'read write', [writing(settings)], async () => {
    for (const { table } of locks)
      await session.query(sql`lock table ${qualified(table)} in share update exclusive mode`);
    return session.query(onlyIf);
  });
  if (found.length === 0)
    throw new FkGuardError(
      'PLAN_STALE',
      `${step.title}: another session has finished it meanwhile, so it stays.`,
      'Run again.',
    );
}
