import { expectAsEver } from '../hostile/as-expected';
import { everyCase } from '../hostile/every-case';
import { NAME_SETS, NASTIEST } from '../hostile/name-sets';
import { short } from './soak';

/** Names that no rename can reach, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'a table of a type: left': 'PostgreSQL renames the columns of a typed table with its type only',
  'a table of a type, of a large table: left':
    'PostgreSQL renames the columns of a typed table with its type only',
  'silence: a model that is left out, or a parent that is':
    'the option `exclude` has both names of models, which stay, and of tables',
};

const cases = everyCase().filter(({ title }) => !(title in LEFT_OUT));
/** The first case of each kind, under the worst names, is the sample. */
const sample = cases.filter((one, i) => cases.findIndex(({ kind }) => kind === one.kind) === i);

describe.each(short ? [NASTIEST] : [...NAME_SETS, NASTIEST])('$title', (set) => {
  it.each((short ? sample : cases).map((problem) => [problem.kind, problem.title, problem] as const))(
    '%s: %s',
    (_kind, _title, problem) => expectAsEver(problem, set),
  );
});
