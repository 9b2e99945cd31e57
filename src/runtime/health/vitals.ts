import { milliseconds } from '../../duration';
import type { Events } from '../../events';
import type { FkGuard } from '../../guard';
import type { Logger } from '../../options';
import type { Outcome } from '../../outcome';
import { invalid } from '../../parse-options';
import { createCheck } from './check';
import type { Subject } from './look';
import { createMemory } from './memory';
import { createFigures } from './metrics';
import { LONGEST_MS, startMonitor, type Monitor } from './monitor';

/** How a guard and its database are, while the application runs. */
export interface Vitals {
  readonly verbs: Pick<FkGuard, 'health' | 'monitor' | 'metrics'>;
  /** After a run, which looks at the rows in the end. */
  learn(outcome: Outcome): Outcome;
  /** Ends every monitor. */
  stop(): void;
}

/** Shorter than the 10 s between two probes of Kubernetes. */
const TIMEOUT = '5s';

export function createVitals(subject: Subject, events: Events, logger: Logger): Vitals {
  const figures = createFigures(events);
  const memory = createMemory(events, figures);
  const check = createCheck(subject, memory, figures);
  const monitors = new Set<Monitor>();
  return {
    verbs: {
      health: async ({ timeout = TIMEOUT } = {}) => check(duration('timeout', timeout)),
      monitor(options) {
        const every = duration('every', (options as Partial<typeof options> | undefined)?.every);
        const monitor = startMonitor(every, async (signal) => {
          const { count } = await import('./count');
          return count(subject, { events, logger, memory, figures }, signal);
        });
        monitors.add(monitor);
        return monitor;
      },
      metrics: () => figures.read(),
    },
    learn(outcome) {
      // `partial` may mean that nobody has seen the end.
      if (outcome.status !== 'partial') memory.learn(outcome.remaining);
      return outcome;
    },
    stop: () => monitors.forEach((monitor) => void monitor.stop()),
  };
}

/** Untyped callers may pass anything. Throws `OPTIONS`. */
function duration(name: string, text: unknown): number {
  const ms = typeof text === 'string' ? milliseconds(text) : undefined;
  if (ms === undefined || ms <= 0 || ms > LONGEST_MS)
    throw invalid([`"${name}" must be a duration such as "30s", more than 0 and at most 24 days`]);
  return ms;
}
