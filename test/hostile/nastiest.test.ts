import { expectAsEver } from './as-expected';
import { everyCase } from './every-case';
import { NASTIEST } from './name-sets';

/** Cases that make most kinds of change between them; `npm run test:soak -- hostile-names` has all cases and more names. */
const CASES: readonly (readonly [file: string, title: string])[] = [
  ['orphaned-rows.test', 'what cascades behind it, and what is set to null or to a default, has a copy too'],
  ['orphaned-rows/refusals', 'a sibling that says of which table the row is'],
  ['composite/keys', 'composite, one of its columns nullable'],
  [
    'unreferenceable-target',
    'two relations, one composite target, hostile names that are taken: one key for both',
  ],
  [
    'partitions/child',
    'partitions with keys of their own: the right one is adopted, whatever its name, and another one replaced',
  ],
  [
    'type-mismatch/conversions',
    'a table above the limit: by a second column, with its index, NOT NULL, default, comment and privileges',
  ],
];

const known = everyCase(CASES.map(([file]) => file));

describe('under hostile names', () => {
  it.each(CASES)('%s: %s', async (file, title) => {
    const problem = known.find((one) => one.title === title);
    if (!problem) throw new Error(`no such case in ${file}: ${title}`);
    await expectAsEver(problem, NASTIEST);
  });
});
