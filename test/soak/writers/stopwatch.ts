/** How long statements took, in milliseconds, as their client saw it. */
export interface Histogram {
  readonly statements: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  /** The slowest ones, with what they were. */
  readonly slowest: readonly string[];
}

/** Measures statements until it is asked for them. */
export interface Stopwatch {
  time<T>(what: string, statement: () => Promise<T>): Promise<T>;
  /** What was measured since the last time. */
  read(): Histogram;
}

export function createStopwatch(): Stopwatch {
  let measured: { readonly what: string; readonly ms: number }[] = [];
  return {
    async time(what, statement) {
      const started = performance.now();
      try {
        return await statement();
      } finally {
        measured.push({ what, ms: performance.now() - started });
      }
    },
    read() {
      const all = measured.sort((a, b) => a.ms - b.ms);
      measured = [];
      const at = (share: number): number => rounded(all[Math.floor((all.length - 1) * share)]?.ms ?? 0);
      return {
        statements: all.length,
        p50: at(0.5),
        p99: at(0.99),
        p999: at(0.999),
        max: at(1),
        slowest: all
          .slice(-5)
          .reverse()
          .map(({ what, ms }) => `${rounded(ms)} ${what}`),
      };
    },
  };
}

const rounded = (ms: number): number => Math.round(ms * 10) / 10;
