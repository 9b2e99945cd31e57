import type { RowLimits } from '../changes/change';
import { counted } from '../counted';
import { tableId } from '../names';
import type { Settings } from '../options';
import { cannotBeNull } from '../repair/key-specification';
import type { ConversionCount, TypeMismatch } from '../mismatch';
import type { MeasuredRelation, Snapshot } from '../snapshot';
import { standingInTheWay } from './reach';
import { refused, type Refused } from './refused';
import { typeObstacle } from './type-obstacle';

/** Whether a relation's column takes its parent's type, and what happens to the rows that cannot. */
export type ConversionVerdict = { readonly kind: 'convert'; readonly removal?: Removal } | Refused;

/** Rows with a value that has no place in the new type. */
export interface Removal {
  readonly strategy: 'delete' | 'nullify';
  readonly rows: number;
}

/** Tables with their indexes above this size are not written anew in one go, however few rows they have. */
const LARGEST_REWRITE = 512 * 1024 * 1024;

/** Judges one relation by itself; that a table may lose too much is judged for all of its relations together. */
export function judgeConversion(
  pair: MeasuredRelation,
  mismatch: TypeMismatch,
  snapshot: Snapshot,
  settings: Settings,
): ConversionVerdict {
  const obstacle = typeObstacle(pair, mismatch.columns);
  if (obstacle) return obstacle;
  const { count } = mismatch;
  if (!count)
    return refused('NOT_MEASURED', '', `the rows of ${tableId(pair.childName)} could not all be looked at`);
  if (snapshot.catalog.server.inRecovery) return refused('STANDBY', '', 'this server is a standby');
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
    standingInTheWay(pair, strategy, snapshot, settings) ??
    whyNotBeside(pair, mismatch, count, snapshot, settings) ?? {
      kind: 'convert',
      removal: { strategy, rows: count.uncastable },
    }
  );
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

/** A conversion in place holds the table under ACCESS EXCLUSIVE until every row is written anew. */
export const isLarge = ({ rows, bytes }: ConversionCount, limits: RowLimits): boolean =>
  rows > limits.rewriteRows || bytes > LARGEST_REWRITE;

/** A large table is converted by a second column, as far as one can take the first one's place. */
function whyNotBeside(
  pair: MeasuredRelation,
  { columns }: TypeMismatch,
  count: ConversionCount,
  snapshot: Snapshot,
  settings: Settings,
): Refused | undefined {
  const { limits } = settings;
  if (!isLarge(count, limits) && !columns.some(({ shadow }) => shadow?.exists)) return undefined;
  const refuse = (what: string): Refused =>
    refused(
      'TOO_LARGE',
      `limits: { rewriteRows: ${count.rows} }`,
      `${tableId(pair.childName)} has ${counted(count.rows, 'row')}, too many to write anew while nobody can read them, and ${what}`,
    );
  if (pair.relation.remap) return refuse('a remap is only made in place');
  if (count.changed > limits.rewriteRows)
    return refuse(`${counted(count.changed, 'value')} would change their form`);
  const [obstacle] = columns.flatMap(({ shadow }) => shadow?.obstacles ?? []);
  if (obstacle !== undefined) return refuse(`a second column cannot take over ${obstacle}`);
  return standingInTheWay(pair, 'nullify', snapshot, settings);
}
