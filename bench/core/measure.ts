import { medianOf, type Figure } from './figures';

/** One way to do something. Its run returns what it is measured by, mostly the milliseconds of `timed`. */
export interface Contender {
  readonly name: string;
  readonly run: () => Promise<number>;
}

/** A contender took longer than it was given: `limit` is all that is known of it. */
export class Stopped extends Error {
  constructor(readonly limit: number) {
    super(`stopped after ${limit} ms`);
  }
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/**
 * The contenders take turns in every round, so that whatever else the machine does meets all of them. Rounds that warm
 * up are thrown away; a contender that was stopped is not asked again.
 */
export async function compare<C extends readonly Contender[]>(
  contenders: C,
  rounds: number,
  warmUps = 1,
): Promise<{ readonly [I in keyof C]: Figure }> {
  const values = contenders.map((): number[] => []);
  const stopped = new Map<number, number>();
  for (let round = -warmUps; round < rounds; round++)
    for (const [i, { run }] of contenders.entries()) {
      if (stopped.has(i)) continue;
      try {
        const value = await run();
        if (round >= 0) values[i]?.push(value);
      } catch (error) {
        if (!(error instanceof Stopped)) throw error;
        stopped.set(i, error.limit);
      }
    }
  const figures = contenders.map(({ name }, i): Figure => {
    const end = stopped.get(i);
    return end === undefined ? { name, values: values[i] ?? [] } : { name, values: [end], stopped: true };
  });
  return figures as unknown as { readonly [I in keyof C]: Figure };
}

/** The fastest first: the limit that a good hand would have chosen. */
export const byMedian = <Figures extends readonly Figure[]>(figures: Figures): Figures =>
  figures.toSorted((one, other) => medianOf(one.values) - medianOf(other.values)) as unknown as Figures;
