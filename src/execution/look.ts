import type { Catalog, Server } from '../catalog/catalog';
import { readServer } from '../catalog/server';
import { catalogSearchPath, sessionGuards } from '../catalog/session-guards';
import { transaction, type Session } from '../db';
import { FkGuardError, wireError } from '../errors';
import type { Settings } from '../options';
import type { MeasuredRelation } from '../snapshot';
import type { Sql } from '../sql';
import { describeExclusiveLocks } from './blockers';
import { reading } from './session-settings';
import { assertTimeLeft } from './time-left';

/** How the catalog is read, where only a part of it is meant. */
export type ReadCatalog = (session: Session, server: Server) => Promise<Catalog>;

/** How a look reads, and until when: `performance.now()`, Infinity outside of a start-up. */
export interface Look {
  readonly settings: Settings;
  readonly deadline: number;
  /** The whole catalog is read where this is absent. */
  readonly read?: ReadCatalog;
  /** Relations as they were a moment ago, whose counts may be taken over. */
  readonly counted?: readonly MeasuredRelation[];
  /** Set inside of a reading transaction that several looks share, with what it has heard of the server. */
  readonly inside?: Server;
}

/**
 * One reading transaction. A start-up does not wait for a table that somebody holds, nor for a scan, any longer than
 * its time lasts: then it throws `BUDGET`.
 */
export async function readOnly<T>(
  session: Session,
  look: Look,
  guards: readonly Sql[],
  work: () => Promise<T>,
): Promise<T> {
  assertTimeLeft(look.deadline, LOOK);
  return transaction(session, 'read only', [reading(look), ...guards], work).catch(async (error: unknown) => {
    throw isOverTime(error, look) ? await overTime(session, error) : error;
  });
}

/** The same under the guards of every look, with PostgreSQL's own names only; `work` hears of the server. */
export const lookInto = <T>(
  session: Session,
  look: Look,
  work: (server: Server) => Promise<T>,
): Promise<T> =>
  look.inside
    ? work(look.inside)
    : readOnly(session, look, sessionGuards, async () => {
        const server = await readServer(session);
        await session.query(catalogSearchPath);
        return work(server);
      });

/** To be called before each question that reads rows: what others have taken is no longer left. */
export async function keepTime(session: Session, look: Look): Promise<void> {
  if (!Number.isFinite(look.deadline)) return;
  assertTimeLeft(look.deadline, LOOK);
  await session.query(reading(look));
}

const LOOK = 'The look at the database';

/** lock_not_available and query_canceled (manual, appendix A). */
const isOverTime = (error: unknown, { deadline }: Look): boolean =>
  ['55P03', '57014'].includes(wireError(error).code ?? '') && performance.now() >= deadline;

async function overTime(session: Session, cause: unknown): Promise<FkGuardError> {
  const holders = await describeExclusiveLocks(session).catch(() => '');
  return new FkGuardError(
    'BUDGET',
    `${LOOK} was not done when the time for the start-up was over${holders && `; tables are locked by ${holders}`}.`,
    'Run `fk-guard apply` when nobody locks the tables, or raise startupBudget.',
    cause,
  );
}
