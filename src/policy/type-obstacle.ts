import { castBetween, fits, typeName } from '../column-type';
import { tableId } from '../names';
import type { MismatchedColumn } from '../mismatch';
import type { PairedRelation } from '../snapshot';
import { refused, type Refused } from './refused';

/** Why the types of a relation are left as they are, as far as models and catalog say; no row has to be looked at for it. */
export function typeObstacle(
  pair: PairedRelation,
  columns: readonly MismatchedColumn[],
): Refused | undefined {
  for (const column of columns) {
    const obstacle =
      undecided(pair, column) ?? unsupported(pair, column) ?? inUse(pair, column) ?? published(pair, column);
    if (obstacle) return obstacle;
  }
  if (pair.relation.remap && columns.length + pair.relation.childColumns.length > 2)
    return refused('UNSUPPORTED', '', 'a remap translates the key of a relation of one column only');
  return undefined;
}

/** Only the models' author can say who is right when the models do not side with the parent. */
function undecided(
  { relation, parentName }: PairedRelation,
  { cast, parentColumn, childWord, parentWord }: MismatchedColumn,
): Refused | undefined {
  if (childWord === undefined)
    return refused(
      'TYPE_UNDECLARED',
      `type: '${cast.to}' in the declaration of the key, if the parent is right`,
      `nothing says which type ${cast.column} should have`,
    );
  const parent = `${tableId(parentName)} (${parentColumn})`;
  if (!fits(typeName(childWord), cast.to))
    return refused(
      'MODELS_DISAGREE',
      '',
      `${relation.id} is declared as ${childWord}, while ${parent} is ${cast.to} in the database: only the author of the models can say which of the two has to change`,
    );
  if (parentWord !== undefined && !fits(typeName(parentWord), cast.to))
    return refused(
      'MODELS_DISAGREE',
      '',
      `${parent} is declared as ${parentWord} and is ${cast.to} in the database: only the author of the models can say which of the two has to change`,
    );
  return undefined;
}

function unsupported({ child, childName }: PairedRelation, { cast }: MismatchedColumn): Refused | undefined {
  if (castBetween(cast.from, cast.to) === undefined)
    return refused(
      'UNSUPPORTED',
      '',
      `the guard has no rule for values of type ${cast.from} as ${cast.to}; write a migration with ALTER TABLE ${tableId(childName)} ALTER COLUMN "${cast.column}" TYPE ${cast.to} USING an expression of your own`,
    );
  if (child?.kind !== 'table' || child.partitionOf)
    return refused(
      'PARTITIONED',
      '',
      'the type of a partitioned table is not changed; write a migration for it',
    );
  return undefined;
}

/** Its subscribers would go on with the old type, or without the second column, and stop at the first row. */
const published = ({ childName }: PairedRelation, { publications }: MismatchedColumn): Refused | undefined =>
  publications.length === 0
    ? undefined
    : refused(
        'PUBLISHED',
        '',
        `${tableId(childName)} is published by ${publications.join(', ')}: its subscribers would keep the old type and stop at the first new value; write a migration that changes both sides`,
      );

function inUse({ child }: PairedRelation, column: MismatchedColumn): Refused | undefined {
  const { cast, users, default: usual } = column;
  const computed = child?.columns.find(
    ({ name, generated, identity }) => name === cast.column && (generated !== 'no' || identity !== 'no'),
  );
  const by = [
    ...(computed ? ['its own GENERATED clause'] : []),
    ...(usual && usual.converted === undefined
      ? [`its default ${usual.written}, which is no constant of type ${cast.to}`]
      : []),
    ...users,
  ];
  return by.length === 0
    ? undefined
    : refused(
        'COLUMN_IN_USE',
        '',
        `the type of ${cast.column} cannot be changed (0A000) while it is used by ${by.join(', ')}; drop that, and make it again afterwards`,
      );
}
