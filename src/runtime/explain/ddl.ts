import type { WireError } from '../../errors';
import { tableId } from '../../names';
import type { Relation } from '../../expected';
import type { ForeignKey } from '../../catalog/catalog';
import { endsOf, shapeOf } from './ends';
import { differsInType, keysBetween, keysMentioned, lacksUniqueKey, relationMentioned } from './mentioned';
import type { Situation } from './situation';
import type { Facts } from './wording';

/** Explains an error of a statement that makes, drops or empties what a key is about; `undefined` for every other error. */
export function explainDdl(wire: WireError, situation: Situation): Facts | undefined {
  switch (wire.code) {
    case '42830':
      return unmade(wire, 'no-unique-key', relationMentioned(wire, situation, lacksUniqueKey), situation);
    case '42804':
      return unmade(wire, 'incompatible-types', relationMentioned(wire, situation, differsInType), situation);
    case '2BP01':
      return needed('2BP01', keysMentioned(wire, situation), situation);
    case '0A000':
      return needed('0A000', keysBetween(wire, situation), situation);
    default:
      return undefined;
  }
}

const unmade = (
  { code = '' }: WireError,
  problem: Facts['problem'],
  relation: Relation | undefined,
  situation: Situation,
): Facts => ({
  code,
  problem,
  atCommit: false,
  ...(relation && endsOf(shapeOf(relation, situation), situation)),
});

/** Something else than a key may need what is dropped: a view, a default. Then this is none of our errors. */
function needed(code: string, keys: readonly ForeignKey[], situation: Situation): Facts | undefined {
  const [first] = keys;
  if (!first) return undefined;
  return {
    code,
    problem: 'needed-by-key',
    constraint: first.name,
    atCommit: false,
    ...endsOf(first, situation),
    needing: keys.map(({ name, child }) => `${name} of ${tableId(child)}`),
  };
}
