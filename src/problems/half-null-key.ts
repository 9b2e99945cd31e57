import { counted } from '../counted';
import { tableId } from '../names';
import type { HalfNullKey, Snapshot } from '../snapshot';
import { atKey, atRelation, defineProblem } from './problem';

export const halfNullKey = defineProblem({
  kind: 'half-null-key',
  severity: 'info',
  title: 'Keys that are half null',
  why: 'Of a composite key (MATCH SIMPLE) PostgreSQL checks no row with a null in one of the columns: what stands in the other columns may name a parent that does not exist. Such rows are no orphans, and no ON DELETE ever reaches them.',
  remedy: 'Nothing: they are counted, and never cleaned. Whether they are meant only an author can say.',
  silence:
    'Fill the columns, or set all of them to null. A CHECK such as `num_nulls(a, b) in (0, 2)`, or `MATCH FULL` in the key, keeps such rows out. Where one column alone may be null, null in it is simply how a row has no parent.',

  detect: ({ halfNull }: Snapshot) => halfNull.filter(({ rows }) => rows > 0),

  describe: (found) => {
    const { child, columns, rows, samples } = found;
    return {
      about: placeOf(found),
      message: `${counted(rows, 'row')} of ${tableId(child.name)} ${rows === 1 ? 'has' : 'have'} a null in one part of the key (${columns.join(', ')}) and a value in another: PostgreSQL checks no parent for ${rows === 1 ? 'it' : 'them'}.`,
      help: adviceFor(found),
      rows,
      ...(samples.length > 0 && { sampleKeys: samples }),
    };
  },

  repair: () => 'manual',
});

const placeOf = ({ pair, key, child, columns }: HalfNullKey) =>
  pair
    ? atRelation(pair, pair.holder?.name)
    : key
      ? atKey(key)
      : { child: { schema: child.name.schema, table: child.name.name, columns } };

function adviceFor({ child, columns }: HalfNullKey): string {
  const nullable = child.columns.filter(({ name, notNull }) => !notNull && columns.includes(name));
  const [only] = nullable;
  return nullable.length === 1 && only
    ? `Only ${only.name} may be null, so this may simply be how a row has no parent. If it is not, fill it or make it NOT NULL.`
    : `If these rows have no parent, set all of the columns to null; if they have one, fill them. A CHECK with num_nulls, or MATCH FULL in the key, keeps such rows out.`;
}
