import type { Column } from '../catalog/catalog';
import { nearest } from '../names';
import { has } from '../own';

/** Column → text form. */
type Values = Readonly<Record<string, string | null>>;

/** Checks what an application's `createParent` returned and turns it into text forms, the key's columns included; or says what is wrong. */
export function made(
  given: unknown,
  key: Readonly<Record<string, string>>,
  columns: readonly Column[],
  required: readonly string[],
): { readonly values: Values } | { readonly wrong: string } {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return {
      wrong: `returned ${given === null ? 'null' : Array.isArray(given) ? 'a list' : `${typeof given}`}, and not the values of a row`,
    };
  const values = new Map<string, string | null>(Object.entries(key));
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const column = columns.find((candidate) => candidate.name === name);
    if (!column) return { wrong: unknownColumn(name, columns) };
    if (column.generated !== 'no')
      return { wrong: `returned a value for ${name}, which PostgreSQL computes` };
    const text = textOf(value, column.type);
    if (text === undefined)
      return { wrong: `returned a value for ${name} that cannot be written as ${column.type}` };
    if (has(key, name) && text !== key[name]) return { wrong: `returned another key (${name} = ${text})` };
    values.set(name, text);
  }
  const lacking = required.find((name) => (values.get(name) ?? null) === null);
  return lacking === undefined
    ? { values: Object.fromEntries(values) }
    : { wrong: `returned no value for ${lacking}, which is NOT NULL and has no default,` };
}

function unknownColumn(name: string, columns: readonly Column[]): string {
  const suggestion = nearest(
    name,
    columns.map((column) => column.name),
  );
  return `returned "${name}", and the parent's table has no such column${suggestion ? ` (did you mean "${suggestion}"?)` : ''},`;
}

/** As PostgreSQL's input functions read it; dates in UTC, as Sequelize writes them. `undefined` for what has no such form. */
function textOf(value: unknown, type: string): string | null | undefined {
  if (value === null) return null;
  if (typeof value === 'string' && type !== 'json' && type !== 'jsonb') return value;
  if (type === 'json' || type === 'jsonb') return JSON.stringify(value);
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  return undefined;
}
