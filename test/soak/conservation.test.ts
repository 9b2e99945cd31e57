import { buildLibrary, type Library } from './conservation/library';
import { runCase, type Verdict } from './conservation/case';
import { soakSeed, times } from './soak';

const seed = soakSeed();
/** `FK_GUARD_SOAK_CASE` repeats one of them. */
const only = process.env['FK_GUARD_SOAK_CASE'];
const numbers =
  only === undefined ? Array.from({ length: times(1_000, 40) }, (_, number) => number) : [Number(only)];
/** A case waits for the server most of its time. */
const AT_ONCE = 3;

let library: Library;
beforeAll(async () => {
  library = await buildLibrary();
});
afterAll(() => library.drop());

test(`of ${numbers.length} damaged libraries none loses a row, and each is as it was when its run is restored`, async () => {
  const verdicts: { number: number; verdict: Verdict }[] = [];
  const left = [...numbers];
  const work = async (): Promise<void> => {
    for (let number = left.shift(); number !== undefined; number = left.shift())
      verdicts.push({ number, verdict: await runCase(library, seed, number) });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));

  console.log(JSON.stringify(summary(verdicts.map(({ verdict }) => verdict)), null, 1));
  const failed = verdicts.flatMap(({ number, verdict: { faults, ...rest } }) => {
    const found = Object.entries(faults).filter(([, what]) => what.length > 0);
    return found.length > 0 ? [{ FK_GUARD_SOAK_SEED: seed, FK_GUARD_SOAK_CASE: number, found, ...rest }] : [];
  });
  if (failed.length > 0) console.error(JSON.stringify(failed.slice(0, 10), null, 1).slice(0, 60_000));
  expect(
    failed.map(({ FK_GUARD_SOAK_CASE: number, found }) => [number, found.map(([name]) => name)]),
  ).toEqual([]);
});

/** So that one sees that the cases were of many kinds. */
function summary(verdicts: readonly Verdict[]): object {
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
