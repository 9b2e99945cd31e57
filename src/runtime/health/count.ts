import type { Session } from '../../db';
import type { Events } from '../../events';
import type { Examination } from '../../examine';
import type { Task } from '../../execution/carry-out';
import { failureOf } from '../../execution/failure';
import { narrateFindings } from '../../logging/narrate';
import type { Logger } from '../../options';
import { examineAny } from '../../tenants/examine-any';
import { tell } from '../../verbs';
import { withoutSamples, type Subject } from './look';
import type { Memory } from './memory';
import { isRepairing, type Figures } from './metrics';
import type { Counted } from './monitor';
import { tryScanning } from './scan-lock';

/** What a count is told to. */
export interface Listeners {
  readonly events: Events;
  readonly logger: Logger;
  readonly memory: Memory;
  readonly figures: Figures;
}

/** One count of a monitor. Never rejects: what goes wrong is a `warning`. */
export async function count(subject: Subject, told: Listeners, signal: AbortSignal): Promise<Counted> {
  const { events, logger, memory, figures } = told;
  const started = performance.now();
  try {
    const examination = isRepairing(figures) ? 'busy' : await countOrphans(subject, signal);
    if (examination === 'busy') {
      figures.add('fk_guard_monitor_counts_skipped_total');
      return 'put off';
    }
    const known = new Set(memory.last?.findings.map(({ id }) => id));
    tell(events, examination);
    narrateFindings(memory.last?.findings.filter(({ id }) => !known.has(id)) ?? [], logger);
    figures.set('fk_guard_monitor_count_duration_seconds', (performance.now() - started) / 1000);
    figures.add('fk_guard_monitor_counts_total');
    return 'counted';
  } catch (error) {
    if (signal.aborted) return 'failed';
    figures.add('fk_guard_monitor_counts_failed_total');
    const { message, advice } = failureOf(error).error;
    events.emit('warning', { message: `The monitor could not count orphans: ${message} ${advice}` });
    return 'failed';
  }
}

/** Counts the orphans that no key disproves; `busy` where another process is at it. A signal cuts it off. */
async function countOrphans(
  { database, task }: Subject,
  signal: AbortSignal,
): Promise<Pick<Examination, 'report'> | 'busy'> {
  const open = new Set<Session>();
  const cut = (): void => open.forEach((session) => void session.close());
  signal.addEventListener('abort', cut, { once: true });
  const keep = (session: Session): Session => {
    open.add(session);
    signal.throwIfAborted();
    return session;
  };
  try {
    const lock = await tryScanning(database);
    if (lock === undefined) return 'busy';
    keep(lock);
    // An option that cannot be carried out is a finding here, and no reason not to count.
    return await examineAny(keep(await database.open()), beside(task()), 'rows', 'under way');
  } finally {
    signal.removeEventListener('abort', cut);
    for (const session of open) await session.close();
  }
}

/** The application is at work meanwhile, and a count has time: one relation after the other. */
function beside(task: Task): Task {
  const { settings, ...rest } = withoutSamples(task);
  return { ...rest, settings: { ...settings, concurrency: 1 } };
}
