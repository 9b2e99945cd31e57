import type { Relation } from '../expected';
import type { ParentKey } from '../options';
import { own } from '../own';

/**
 * The key of a parent as a user wrote it: one value, a list in the order of the relation's columns, or an object with
 * the parent's column names. Gives the text forms in the order of the relation's columns, or else what is wrong.
 */
export function parentKeyOf(
  { parentColumns }: Pick<Relation, 'parentColumns'>,
  key: ParentKey,
): readonly string[] | { readonly wrong: string } {
  const names = parentColumns.join(', ');
  if (typeof key !== 'object')
    return parentColumns.length === 1
      ? [String(key)]
      : { wrong: `must have a value for each of ${names}: a list, or an object with these names` };
  if (isList(key))
    return key.length === parentColumns.length
      ? key.map(String)
      : { wrong: `has ${key.length} values, and the parent's key has ${parentColumns.length} (${names})` };
  const parts = parentColumns.flatMap((column) => own(key, column) ?? []);
  return parts.length === parentColumns.length && Object.keys(key).length === parts.length
    ? parts.map(String)
    : { wrong: `names ${Object.keys(key).join(', ') || 'no column'}, and the parent's key is ${names}` };
}

const isList = (key: object): key is readonly (string | number | bigint | boolean)[] => Array.isArray(key);
