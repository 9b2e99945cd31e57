import type { ForeignKey } from '../../catalog/catalog';
import type { WireError } from '../../errors';

/** What of a key it takes to read a violation of it. */
export type KeyShape = Pick<ForeignKey, 'child' | 'childColumns' | 'parent' | 'parentColumns'>;

/** Which end of the key was written, and the key's values by the columns of the parent. */
export interface Violation {
  readonly end: 'child' | 'parent';
  readonly values?: Readonly<Record<string, string>>;
}

/** restrict_violation (manual, appendix A): only ever raised for a parent. */
const RESTRICT_VIOLATION = '23001';

/**
 * Reads `Key (userId)=(4) … "Users"`. The words between are in the server's language; the columns, the values and the
 * other end's table are not. Undefined where the error leaves open which end it was.
 */
export function readViolation(error: WireError, key: KeyShape): Violation | undefined {
  const { detail = '' } = error;
  const end = error.code === RESTRICT_VIOLATION ? 'parent' : endOf(error, key, detail);
  if (end === undefined) return undefined;
  const [columns, other] = end === 'child' ? [key.childColumns, key.parent] : [key.parentColumns, key.child];
  const values = valuesIn(detail, columns, other.name);
  return {
    end,
    ...(values && {
      values: Object.fromEntries(key.parentColumns.map((column, i) => [column, values[i] ?? ''])),
    }),
  };
}

/** The detail begins with the columns of the end that was written, and ends with the table of the other one. */
function endOf({ sql }: WireError, key: KeyShape, detail: string): Violation['end'] | undefined {
  const child = detail.indexOf(prefix(key.childColumns));
  const parent = detail.indexOf(prefix(key.parentColumns));
  if (child !== parent) return parent < 0 || (child >= 0 && child < parent) ? 'child' : 'parent';
  // Both have the same column names, or the role may not see the values.
  const named = lastOf(detail, key.parent.name, key.child.name);
  if (named !== undefined) return named === key.parent.name ? 'child' : 'parent';
  const verb = sql?.trimStart().slice(0, 6).toLowerCase();
  return verb === 'insert' ? 'child' : verb === 'delete' ? 'parent' : undefined;
}

/** The name that a text ends with; where one is a part of the other, the longer one is meant. */
function lastOf(text: string, one: string, other: string): string | undefined {
  const end = (name: string): number => (text.includes(name) ? text.lastIndexOf(name) + name.length : -1);
  if (one === other || (end(one) < 0 && end(other) < 0)) return undefined;
  if (text.lastIndexOf(one) === text.lastIndexOf(other)) return one.length > other.length ? one : other;
  return end(one) > end(other) || (end(one) === end(other) && one.length > other.length) ? one : other;
}

const prefix = (columns: readonly string[]): string => `(${columns.join(', ')})=(`;

/** The values as the server printed them. A text may hold what separates two of them: then nobody can tell. */
function valuesIn(detail: string, columns: readonly string[], table: string): readonly string[] | undefined {
  const from = detail.indexOf(prefix(columns));
  if (from < 0) return undefined;
  const named = detail.lastIndexOf(table);
  // Japanese names the table first.
  const to = detail.lastIndexOf(')', named < from ? detail.length : named);
  const text = detail.slice(from + prefix(columns).length, to);
  const values = columns.length === 1 ? [text] : text.split(', ');
  return values.length === columns.length ? values : undefined;
}
