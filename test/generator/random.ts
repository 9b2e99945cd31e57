/** Random choices that a seed repeats. */
export interface Random {
  /** A whole number from 0 up to and without `limit`. */
  below(limit: number): number;
  /** True in this share of the cases. */
  chance(share: number): boolean;
  pick<T>(from: readonly T[]): T;
  shuffle<T>(all: readonly T[]): readonly T[];
}

/** The seed of a test: its variable in the environment, or the given one, so that the gate never rolls dice. */
export function seedFrom(variable: string, usual: number): number {
  const seed = Number(process.env[variable] ?? usual);
  if (!Number.isSafeInteger(seed)) throw new Error(`${variable} must be a whole number`);
  return seed;
}

/** Mulberry32: 32 bits of state, the same numbers on every machine. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  const pick = <T>(from: readonly T[]): T => {
    if (from.length === 0) throw new Error('there is nothing to pick from');
    return from[below(from.length)] as T;
  };
  return {
    below,
    pick,
    chance: (share) => next() < share,
    shuffle(all) {
      const order = [...all];
      for (let last = order.length - 1; last > 0; last--) {
        const other = below(last + 1);
        [order[last], order[other]] = [order[other] as never, order[last] as never];
      }
      return order;
    },
  };
}
