import type { RowLimits } from '../changes/change';
import { counted } from '../counted';
import { tableId } from '../names';
import type { Settings } from '../options';
import type { ConversionCount, TypeMismatch } from '../mismatch';
import type { MeasuredRelation, Snapshot } from '../snapshot';
import { hooksOn } from './reach';
import { refused, type Refused } from './refused';

/** Tables with their indexes above this size are not written anew in one go, however few rows they have. */
const LARGEST_REWRITE = 512 * 1024 * 1024;

/** A conversion in place holds the table under ACCESS EXCLUSIVE until every row is written anew. */
export const isLarge = ({ rows, bytes }: ConversionCount, limits: RowLimits): boolean =>
  rows > limits.rewriteRows || bytes > LARGEST_REWRITE;

/** A large table is converted by a second column, as far as one can take the first one's place. */
export function whyNotBeside(
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
  const changed = count.changed.reduce((sum, rows) => sum + rows, 0);
  if (changed > limits.rewriteRows) return refuse(`${counted(changed, 'value')} would change their form`);
  const [obstacle] = columns.flatMap(({ shadow }) => shadow?.obstacles ?? []);
  if (obstacle !== undefined) return refuse(`a second column cannot take over ${obstacle}`);
  const [hook] = hooksOn(pair.childName, 'nullify', snapshot.catalog);
  // What a trigger makes of a row would not be copied, and it would make it of every row.
  return hook === undefined
    ? undefined
    : refused(
        'USER_TRIGGER',
        `limits: { rewriteRows: ${count.rows} }`,
        `the trigger or rule ${hook} would act on every row of ${tableId(pair.childName)} while a second column is filled; a conversion in place fires none`,
      );
}
