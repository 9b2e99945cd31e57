import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../db';
import { FkGuardError } from '../errors';
import type { Events } from '../events';
import type { Settings } from '../options';
import { sql } from '../sql';
import { holdOf, type Hold } from './hold';
import type { Runner } from './runner';
import { assertTimeLeft } from './time-left';

/** How a run is paced: where it waits, and where it ends for this time. */
export interface Pace {
  /**
   * To be called between two steps and between two batches, where nothing is held. Waits while a sentinel or a standby
   * asks for it. Throws `CAPPED` when the run has had its share, `BUDGET` when a start-up's time is over.
   */
  next(what: string): Promise<void>;
  /** Rows that this run may still take; Infinity without `maxRunRows`. */
  readonly rowsLeft: number;
  /** Throws `CAPPED` when that many rows at once have no room in this run, `RUN_ROWS` when they would have none in any. */
  assertFits(rows: number, what: string): void;
  /** Counts what was committed. */
  spend(rows: number): void;
}

/** What a pace rests on. */
interface Paced {
  readonly session: Session;
  readonly settings: Settings;
  readonly events: Events;
  readonly runner: Runner;
  readonly deadline: number;
}

/** Starts the clock of a run. */
export function startPace(run: Paced): Pace {
  const { maxRunTime = Infinity, maxRunRows = Infinity } = run.settings;
  const end = performance.now() + maxRunTime;
  let spent = 0;
  // A run does one thing at least, or one that is too short to begin with would never come to an end.
  let begun = false;
  const assertMayGoOn = (what: string): void => {
    run.runner.assertHeld();
    assertTimeLeft(run.deadline, what);
    if (spent >= maxRunRows) throw outOfRows(what, spent);
    if (begun && performance.now() >= end) throw outOfTime(what);
  };
  return {
    async next(what) {
      assertMayGoOn(what);
      await whileHeld(run, () => {
        begun = true;
        assertMayGoOn(what);
      });
    },
    get rowsLeft() {
      return maxRunRows - spent;
    },
    assertFits(rows, what) {
      if (rows > maxRunRows) throw tooManyAtOnce(what, rows, maxRunRows);
      if (rows > maxRunRows - spent) throw outOfRows(what, spent);
    },
    spend(rows) {
      begun = true;
      spent += rows;
    },
  };
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

/** Waits as long as somebody asks for it; no lock and no transaction of this session is open meanwhile. */
async function whileHeld(run: Paced, assertMayGoOn: () => void): Promise<void> {
  const { session, settings, deadline, events, runner } = run;
  let started: number | undefined;
  const waitedMs = (): number => Math.round(performance.now() - (started ??= performance.now()));
  let last: Hold | undefined;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 1.5)) {
    const hold = await holdOf(session, { settings, deadline });
    if (!hold) break;
    last = hold;
    events.emit('pause', { ...hold, waitedMs: waitedMs() });
    // The wait ends early only when the lock is lost or all is cancelled, which is told next.
    await sleep(pause, undefined, { signal: runner.signal }).catch(() => undefined);
    assertMayGoOn();
    // A server may end sessions that are idle for long (`idle_session_timeout`).
    await session.query(sql`select 1 as alive`);
  }
  if (last) events.emit('resume', { reason: last.reason, waitedMs: waitedMs() });
}

const AGAIN = 'Run again to go on; what is done stays done.';

const outOfRows = (what: string, rows: number): FkGuardError =>
  new FkGuardError(
    'CAPPED',
    `${what}: this run has removed or changed ${rows} rows, and maxRunRows lets it do no more.`,
    AGAIN,
  );

const outOfTime = (what: string): FkGuardError =>
  new FkGuardError('CAPPED', `${what}: the time of this run (maxRunTime) is over.`, AGAIN);

const tooManyAtOnce = (what: string, rows: number, most: number): FkGuardError =>
  new FkGuardError(
    'RUN_ROWS',
    `${what}: ${rows} rows can only be removed or changed together, and maxRunRows is ${most}.`,
    'Raise maxRunRows for one run.',
  );
