/** Counts orphans now and then. */
export interface Monitor {
  /** Counts at once, or joins a count that is under way. Never rejects: what goes wrong is a `warning`. */
  count(): Promise<void>;
  /** No count begins after it, and one that is under way is cut off; resolves when that is gone. */
  stop(): Promise<void>;
}

/** What became of one count. */
export type Counted = 'counted' | 'put off' | 'failed';

/** Node's timers take no more; a longer one would fire at once. */
export const LONGEST_MS = 2 ** 31 - 1;
/** Of the time between two counts: so far apart are processes that were started together. */
const JITTER = 0.1;
const LONGEST_FIRST_MS = 60_000;

/** Counts soon, and then every so many milliseconds after the end of the count before; never two at a time. */
export function startMonitor(every: number, work: (signal: AbortSignal) => Promise<Counted>): Monitor {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  const schedule = (ms: number): void => {
    clearTimeout(timer);
    if (stopping.signal.aborted) return;
    timer = setTimeout(() => void count(), Math.min(ms, LONGEST_MS));
    // A process that has nothing else to do may end.
    timer.unref();
  };
  const once = async (): Promise<void> => {
    const counted = await work(stopping.signal);
    running = undefined;
    // What was put off comes soon: each process answers its health checks from its own count.
    const pause = counted === 'put off' ? every * JITTER : every;
    schedule(pause * (1 - JITTER + 2 * JITTER * Math.random()));
  };
  const count = (): Promise<void> => (stopping.signal.aborted ? Promise.resolve() : (running ??= once()));
  schedule(Math.min(every * JITTER, LONGEST_FIRST_MS) * Math.random());
  return {
    count,
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
