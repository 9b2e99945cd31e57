import type { Random } from '../../generator/random';
import type { TestDatabase } from '../../postgres/database';
import type { Embedded } from '../../postgres/embedded';
import { until } from '../../quarantine/setup';
import type { Cut, Ended, GoOn, Moment, Reached } from './job';

/** What is taken away from a run. */
export type Kind = 'process' | 'working session' | 'lock session' | 'server';

const MOMENTS: readonly Moment[] = ['before', 'under way', 'unanswered'];

/** What stands in a plan's place where no step is in hand: before the first, between two, and after the last. */
const LOOK = 'a look';

/** A step as the uncut run has done it, or none. */
export const opOf = (ops: readonly string[], step: number): string => ops[step - 1] ?? LOOK;

/**
 * A cut at a place that the uncut run has come by: in every kind of step that it has, one seed after the other.
 * `ops` are its steps.
 */
export function drawCut(
  random: Random,
  kind: Kind,
  turn: number,
  ops: readonly string[],
  { statements }: Ended,
): Cut {
  const kinds = [LOOK, ...new Set(ops)];
  const wanted = kinds[turn % kinds.length];
  const inStep = statements.flatMap(({ step }, i) => (opOf(ops, step) === wanted ? [i + 1] : []));
  // Of a COMMIT nobody knows whether it has happened.
  const commits = inStep.filter((number) => statements[number - 1]?.text === 'commit');
  const ends = inStep.filter((number) => statements[number]?.step !== statements[number - 1]?.step);
  const place = random.pick([inStep, commits, ends].filter((numbers) => numbers.length > 0));
  const retries = random.chance(0.05);
  return {
    place: retries ? 'retry' : random.pick(place),
    moment: retries ? 'before' : random.pick(MOMENTS),
    suicide: kind === 'process',
  };
}

/** Takes it away; says whether the session of the statement in hand is lost with it. */
export async function makeCut(
  kind: Kind,
  database: TestDatabase,
  reached: Reached,
  server: Embedded | undefined,
): Promise<GoOn> {
  if (kind === 'process') return { lost: true };
  if (kind === 'server') {
    await server?.stopAtOnce();
    return { lost: true };
  }
  const sessions = await database.query<{ pid: number; lock: boolean }>(SESSIONS);
  const pid = sessions.find(({ lock }) => lock === (kind === 'lock session'))?.pid ?? reached.pid;
  await database.query('select pg_terminate_backend($1)', [pid]);
  await until(database, 'select not exists (select from pg_stat_activity where pid = $1) as ok', [pid]);
  return { lost: pid === reached.pid };
}

/** Until the server has noticed that the process of its sessions is gone. */
export const untilAlone = (database: TestDatabase): Promise<void> =>
  until(database, `select not exists (${SESSIONS}) as ok`);

/** The guard's sessions; the one that holds the lock of the single runner is told apart. */
const SESSIONS = `
  select a.pid, exists (select from pg_locks l where l.pid = a.pid and l.locktype = 'advisory' and l.classid = 6712167 and l.objid = 1 and l.granted) as lock
    from pg_stat_activity a
   where a.datname = current_database() and a.backend_type = 'client backend' and a.application_name not in ('judge', 'application')`;

/** A cut as a failure and the log have it. */
export function cutText({ place, moment }: Cut, reached: Reached | undefined): string {
  const where = place === 'retry' ? 'the statement after a retry' : `statement ${place}`;
  return reached
    ? `${moment} ${where} (${reached.statement}: ${reached.text})`
    : `${moment} ${where}, which did not come`;
}
