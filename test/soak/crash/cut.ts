import type { Random } from '../../generator/random';
import type { TestDatabase } from '../../postgres/database';
import type { Embedded } from '../../postgres/embedded';
import { until } from '../../quarantine/setup';
import { EVENTS, type Cut, type Ended, type GoOn, type Moment, type Place, type Reached } from './job';

/** What is taken away from a run. */
export type Kind = 'process' | 'working session' | 'lock session' | 'server';

const MOMENTS: readonly Moment[] = ['before', 'under way', 'unanswered'];

/** A cut at a place that an uninterrupted run has come by. */
export function drawCut(random: Random, kind: Kind, { statements, events }: Ended): Cut {
  const places: readonly (() => Place)[] = [
    () => ({ statement: 1 + random.below(statements.length) }),
    // Of a COMMIT nobody knows whether it has happened.
    () => ({ statement: 1 + random.pick(indexesOf(statements, 'commit')) }),
    () => {
      const event = random.pick(EVENTS.filter((name) => events[name] > 0));
      return { event, times: 1 + random.below(events[event]) };
    },
    () => (random.chance(0.2) ? RETRY : { statement: 1 + random.below(statements.length) }),
  ];
  const place = random.pick(places)();
  const moment = 'statement' in place ? random.pick(MOMENTS) : 'before';
  return { place, moment, suicide: kind === 'process' };
}

/** While somebody holds the table that is to be fenced. */
const RETRY: Place = { event: 'retry', times: 1 };

const indexesOf = (statements: readonly string[], wanted: string): readonly number[] =>
  statements.flatMap((text, i) => (text === wanted ? [i] : []));

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
  const where =
    'statement' in place
      ? `statement ${place.statement}`
      : `the statement after ${place.event} ${place.times}`;
  return reached
    ? `${moment} ${where} (${reached.statement}: ${reached.text})`
    : `${moment} ${where}, which did not come`;
}
