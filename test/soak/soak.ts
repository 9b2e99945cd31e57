/**
 * How long and by which dice a soak test runs. `FK_GUARD_SOAK=short` is a sample for the gate, always with the same
 * seed; the full length takes a new seed each time, which is printed, and which `FK_GUARD_SOAK_SEED` repeats.
 */
export const short = process.env['FK_GUARD_SOAK'] === 'short';

const GATE_SEED = 20260103;

/** The seed of this process; printed once by the test that uses it. */
export function soakSeed(): number {
  const given = process.env['FK_GUARD_SOAK_SEED'];
  const seed = Number(given ?? (short ? GATE_SEED : Date.now() % 2 ** 31));
  if (!Number.isSafeInteger(seed)) throw new Error('FK_GUARD_SOAK_SEED must be a whole number');
  process.stderr.write(`FK_GUARD_SOAK_SEED=${seed}\n`);
  return seed;
}

/** The full length, or a sample of it. */
export const times = (full: number, sample: number): number => (short ? sample : full);
