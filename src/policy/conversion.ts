import { counted } from '../counted';
import { tableId } from '../names';
import type { Settings } from '../options';
import { cannotBeNull } from '../repair/key-specification';
import type { ConversionCount, TypeMismatch } from '../mismatch';
import type { MeasuredRelation, Snapshot } from '../snapshot';
import { whyNotBeside } from './beside-obstacle';
import { standingInTheWay } from './reach';
import { refused, type Refused } from './refused';
import { takesAnotherKeyAlong } from './shared-columns';
import { neighbourInTheWay } from './type-neighbours';
import { typeObstacle } from './type-obstacle';

/** Whether a relation's column takes its parent's type, and what happens to the rows that cannot. */
export type ConversionVerdict = { readonly kind: 'convert'; readonly removal?: Removal } | Refused;

/** Rows with a value that has no place in the new type. */
export interface Removal {
  readonly strategy: 'delete' | 'nullify';
  readonly rows: number;
}

/** Judges one relation by itself; that a table may lose too much is judged for all of its relations together. */
export function judgeConversion(
  pair: MeasuredRelation,
  mismatch: TypeMismatch,
  snapshot: Snapshot,
  settings: Settings,
): ConversionVerdict {
  const obstacle =
    typeObstacle(pair, mismatch.columns) ?? neighbourInTheWay(pair, mismatch.columns, snapshot);
  if (obstacle) return obstacle;
  const { count } = mismatch;
  if (!count)
    return refused('NOT_MEASURED', '', `the rows of ${tableId(pair.childName)} could not all be looked at`);
  if (snapshot.catalog.server.inRecovery) return refused('STANDBY', '', 'this server is a standby');
  const risk = riskOf(pair, mismatch, count);
  if (risk) return risk;
  if (count.uncastable === 0)
    return whyNotBeside(pair, mismatch, count, snapshot, settings) ?? { kind: 'convert' };
  const { rowsStay } = pair.relation;
  if (rowsStay !== undefined) return refused('JUST_SYNCED', '', rowsStay);
  const strategy = strategyOf(pair, mismatch, count);
  if (typeof strategy !== 'string') return strategy;
  if (count.parentIsEmpty && settings.limits.fraction < 1)
    return refused(
      'EMPTY_PARENT',
      'limits: { fraction: 1 }',
      `${tableId(pair.parentName)} is empty, so no row of ${tableId(pair.childName)} has a parent yet`,
    );
  return (
    (strategy === 'nullify' ? sharedColumn(pair, mismatch, snapshot) : undefined) ??
    standingInTheWay(pair, strategy, snapshot, settings) ??
    whyNotBeside(pair, mismatch, count, snapshot, settings) ?? {
      kind: 'convert',
      removal: { strategy, rows: count.uncastable },
    }
  );
}

/** Set to null, the column would take another key along. */
function sharedColumn(
  pair: MeasuredRelation,
  { columns }: TypeMismatch,
  snapshot: Snapshot,
): Refused | undefined {
  const names = columns.map(({ cast }) => cast.column);
  const shared = takesAnotherKeyAlong(pair, 'nullify', snapshot, names);
  const { id } = pair.relation;
  return (
    shared &&
    refused('SHARED_COLUMN', `relations: { '${id}': { orphans: 'delete' } }`, shared.refusal.message)
  );
}

/** Values that all have a place in the new type, and would mean something else there. */
function riskOf(
  { relation, childName, parentName }: MeasuredRelation,
  { columns }: TypeMismatch,
  { writtenOtherwise, doubled }: ConversionCount,
): Refused | undefined {
  if (writtenOtherwise > 0)
    return refused(
      'WRITTEN_OTHERWISE',
      `relations: { '${relation.id}': { remap: { using: 'select old, new …' } } }`,
      `${counted(writtenOtherwise, 'row')} of ${tableId(childName)} would lose ${writtenOtherwise === 1 ? 'its' : 'their'} parent: ${tableId(parentName)} writes the same value in another way, such as 007 for 7 or a uuid in capitals`,
    );
  if (doubled !== undefined)
    return refused(
      'DUPLICATE_VALUES',
      '',
      `values that differ as text are the same as ${columns.map(({ cast }) => cast.to).join(', ')}, and the index ${doubled} of ${tableId(childName)} is unique`,
    );
  return undefined;
}

/** True when rows without a place in the new type are out of the way before the conversion. */
export const isConvertible = (
  { relation }: Pick<MeasuredRelation, 'relation'>,
  count: ConversionCount,
): boolean => count.uncastable === 0 || (relation.disposable && !relation.remap);

/** Nothing but the user's own word throws values away, or puts others in their place. */
function strategyOf(
  pair: MeasuredRelation,
  { columns }: TypeMismatch,
  count: ConversionCount,
): Removal['strategy'] | Refused {
  const { id, orphanPolicy, remap } = pair.relation;
  const to = columns.map(({ cast }) => cast.to).join(', ');
  const rows = `${counted(count.uncastable, 'row')} of ${tableId(pair.childName)} ${count.uncastable === 1 ? 'has' : 'have'} a value that is no ${to}`;
  if (!isConvertible(pair, count))
    return refused(
      'UNCASTABLE_VALUES',
      remap
        ? `relations: { '${id}': { remap: { using: 'select …' } } }, so that it covers every value`
        : `relations: { '${id}': { disposable: true } } to quarantine and remove those rows, or relations: { '${id}': { remap: { using: 'select old, new …' } } } to translate the values, or the type in the model`,
      `${rows}${remap ? ', and the remap does not translate it' : ''}`,
    );
  if (orphanPolicy !== 'nullify') return 'delete';
  return cannotBeNull(
    pair,
    columns.map(({ cast }) => cast.column),
  )
    ? refused(
        'SET_NULL_ON_NOT_NULL',
        `relations: { '${id}': { orphans: 'delete' } }`,
        `${rows}, and ${pair.relation.childColumns.join(', ')} is NOT NULL`,
      )
    : 'nullify';
}
