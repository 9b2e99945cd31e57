import { expectAsEver } from '../hostile/as-expected';
import { everyCase } from '../hostile/every-case';
import { NAME_SETS, NASTIEST } from '../hostile/name-sets';
import { short } from './soak';

/** Cases that say the same only under their own names, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'a table of a type: left': 'PostgreSQL renames the columns of a typed table with its type only',
  'a table of a type, of a large table: left': 'the same',
  'silence: a model that is left out, or a parent that is':
    'the option `exclude` has both names of models, which stay, and of tables',
  'silence: a table that the search_path leads to': 'it sets a search_path of its own',
  'a sibling "User_Kind" that says so': 'its column is called like another one but for the capitals',
  'silence: a column for keys of two tables, or with a type beside it, or under a scope': 'the same',
  'a large table: a column of the application has the name that the second one would get':
    'its name is made of another one, which is cut',
  'what a failed build has left (checkouts_user_id_idx): dropped, and built under the name that it should have':
    'the same',
  'whatever uses the column is named, all of it': 'one sentence has many names, in their order',
  'reparent with a composite key, written as an object':
    'no option may have a field `__proto__`; the same key, written as a list, is a case too',
};

const all = everyCase();
const cases = all.filter(({ title }) => !(title in LEFT_OUT));
/** The first case of each kind, under the worst names, is the sample. */
const sample = cases.filter((one, i) => cases.findIndex(({ kind }) => kind === one.kind) === i);

it('leaves out what there is, and no more', () => {
  const titles = all.map(({ title }) => title);
  expect(Object.keys(LEFT_OUT).filter((title) => !titles.includes(title))).toEqual([]);
});

describe.each(short ? [NASTIEST] : [...NAME_SETS, NASTIEST])('$title', (set) => {
  it.each((short ? sample : cases).map((problem) => [problem.kind, problem.title, problem] as const))(
    '%s: %s',
    (_kind, _title, problem) => expectAsEver(problem, set),
  );
});
