import { lastly } from '../cancel';
import { count } from '../catalog/row';
import type { Change } from '../changes/change';
import { statementsOf } from '../changes/statement';
import { withSession, type Database, type Session } from '../db';
import { FkGuardError } from '../errors';
import type { Step } from '../outcome';
import { identifier, sql } from '../sql';
import { withSessionStepLock } from './step-lock';
import { setSession } from './session-settings';

const askPid = sql`select pg_catalog.pg_backend_pid() as pid`;
const pidOf = async (session: Session): Promise<number> => count((await session.query(askPid))[0], 'pid');

/** How a session may be known to be ours alone. */
export interface SessionSource {
  /** Where more sessions of the same kind come from. */
  readonly database: Database;
  /** True when the user has said that it leads to the server itself (`directUrl`). */
  readonly saidDirect: boolean;
}

/**
 * True when what is set in this session stays in it. A server says at the start which process answers; a pooler has to
 * make that up, because it cannot know yet, so one that is told the truth talks to the server itself. Where it is not
 * the truth, only a user's word lets us go on (a pooler in session mode), and only if the session keeps its process
 * while another one is busy.
 */
async function isOwnSession(session: Session, { database, saidDirect }: SessionSource): Promise<boolean> {
  if (session.backend === (await pidOf(session))) return true;
  if (session.backend !== undefined && !saidDirect) return false;
  return withSession(database, (other) => keepsProcess(session, other));
}

const TRIES = 3;

/** In transaction mode the other one gets the process that ours has just given back, or ours gets a new one. */
async function keepsProcess(session: Session, other: Session): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries++) {
    const before = await pidOf(session);
    await other.query(sql`begin`);
    const busy = await pidOf(other);
    const after = await pidOf(session);
    await other.query(sql`rollback`);
    if (busy === before || after !== before) return false;
  }
  return true;
}

/**
 * Runs what takes no transaction, under settings of the session that are reset afterwards. The step lock is the
 * session's as well: it keeps other guards from writing should the connection that holds the run's lock die meanwhile.
 */
export async function inOwnSession(
  session: Session,
  values: Readonly<Record<string, string>>,
  run: () => Promise<void>,
): Promise<void> {
  await session.query(setSession(values));
  try {
    await withSessionStepLock(session, run);
  } finally {
    for (const name of Object.keys(values))
      await lastly(session)
        .query(sql`reset ${identifier(name)}`)
        .catch(() => undefined);
  }
}

/**
 * The changes that must not be made behind a pooler. A conversion is left out as a whole: half of one would leave two
 * columns behind.
 */
export async function withoutOwnSession(
  session: Session,
  steps: readonly Step[],
  source: SessionSource,
): Promise<ReadonlyMap<Change, FkGuardError>> {
  const takesNoTransaction = ({ change }: Step): boolean =>
    statementsOf(change).some(({ transactional }) => !transactional);
  const alone = steps.filter(takesNoTransaction);
  if (alone.length === 0 || (await isOwnSession(session, source))) return new Map();
  const findings = new Set(alone.flatMap(({ because }) => because));
  const left = steps.filter(
    (step) =>
      takesNoTransaction(step) ||
      ('conversion' in step.change && step.because.some((finding) => findings.has(finding))),
  );
  return new Map(left.map(({ change, title }) => [change, needsOwnSession(title, source.saidDirect)]));
}

const needsOwnSession = (title: string, saidDirect: boolean): FkGuardError =>
  new FkGuardError(
    'POOLER',
    `${title}: this takes no transaction, and the connection leads through a pooler, which may hand what is set for it to other sessions.`,
    saidDirect
      ? 'directUrl leads through a pooler in transaction mode: let it lead to the server itself. Nothing was done for this step.'
      : 'Set directUrl (--direct-url, FK_GUARD_DIRECT_URL) to an address of the server itself. Nothing was done for this step.',
  );
