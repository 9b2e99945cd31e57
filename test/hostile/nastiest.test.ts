import type { ProblemCase } from '../problem-tester/case';
import { expectAsEver } from './as-expected';
import { everyCase } from './every-case';
import { NAME_SETS, NASTIEST } from './name-sets';

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

/** What is kept by the names of columns must not meet what every object has. */
const BY_COLUMN = [
  ['composite/rows', 'cascades and nullifications through composite keys below are copied and come back'],
  [
    'orphaned-rows/new-parents',
    'createParent with a composite key: identity columns take the key, computed ones compute themselves',
  ],
] as const;

const known = everyCase([...CASES, ...BY_COLUMN].map(([file]) => file));

function titled(title: string): ProblemCase {
  const problem = known.find((one) => one.title === title);
  if (!problem) throw new Error(`no such case: ${title}`);
  return problem;
}

describe('under hostile names', () => {
  it.each(CASES)('%s: %s', (_file, title) => expectAsEver(titled(title), NASTIEST));

  it.each(BY_COLUMN)('and those of every object: %s: %s', async (_file, title) => {
    for (const set of NAME_SETS.filter((one) => /JavaScript/.test(one.title)))
      await expectAsEver(titled(title), set);
  });
});
