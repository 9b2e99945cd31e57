import { buildLibrary, type Library } from './conservation/library';
import { runCase, type Verdict } from './conservation/case';
import { soakSeed, times } from './soak';

const seed = soakSeed();
/** `FK_GUARD_SOAK_CASE` repeats one of them. */
const only = process.env['FK_GUARD_SOAK_CASE'];
const CASES = only === undefined ? times(1_000, 40) : 1;
const FIRST = Number(only ?? 0);
/** So many to a test, for one to see how far it is. */
const TOGETHER = 100;
/** A case waits for the server most of its time. */
const AT_ONCE = 3;

let library: Library;
beforeAll(async () => {
  library = await buildLibrary();
});
afterAll(() => library.drop());

const verdicts: Verdict[] = [];
afterAll(() => console.log(JSON.stringify(summary(), null, 1)));

const parts = Array.from({ length: Math.ceil(CASES / TOGETHER) }, (_, part) => {
  const from = FIRST + part * TOGETHER;
  return { from, to: Math.min(from + TOGETHER, FIRST + CASES) - 1 };
});

test.each(parts)(
  'no damaged library loses a row, and each is as it was when its run is restored: $from to $to',
  async ({ from, to }) => {
    const failed: object[] = [];
    let next = from;
    const work = async (): Promise<void> => {
      for (let number = next++; number <= to; number = next++) {
        const verdict = await runCase(library, seed, number);
        verdicts.push(verdict);
        const found = Object.entries(verdict.faults).filter(([, what]) => what.length > 0);
        if (found.length > 0)
          failed.push({ ...verdict, FK_GUARD_SOAK_SEED: seed, FK_GUARD_SOAK_CASE: number, faults: found });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    process.stderr.write(`${to + 1} of ${FIRST + CASES}: ${failed.length} with faults\n`);
    expect(failed).toEqual([]);
  },
);

/** So that one sees that the cases were of many kinds. */
function summary(): object {
  const sum: Record<string, number> = {};
  const add = (name: string, more = 1): void => void (sum[name] = (sum[name] ?? 0) + more);
  for (const { status, refusals, counts, damages } of verdicts) {
    add(`status ${status}`);
    for (const code of refusals) add(`step ${code}`);
    for (const [name, count] of Object.entries(counts)) {
      add(name, count);
      if (count > 0) add(`cases with ${name}`);
    }
    for (const name of damages) add(`damage: ${name.replace(/.*(has|is null|becomes)/, '… $1')}`);
  }
  return Object.fromEntries(Object.entries(sum).sort(([a], [b]) => (a < b ? -1 : 1)));
}
