import { withoutModifier } from '../column-type';
import { integer, join, literal, sql, type Sql } from '../sql';
import type { Cast } from './conversion';

/** A type by its qualified name, so that no search_path can put another one in its place. */
export function typeOf(type: string): Sql {
  const [, first, second] = /\((\d+)(?:,(\d+))?\)$/.exec(type) ?? [];
  const name = TYPES[withoutModifier(type)];
  if (!name) throw new Error(`not a type that values are converted to or from: ${type}`);
  if (first === undefined) return name;
  const modifiers = [first, ...(second === undefined ? [] : [second])].map((part) => integer(Number(part)));
  return sql`${name}(${join(modifiers, ', ')})`;
}

// The first ones are words of the grammar and looked up nowhere.
const TYPES: Readonly<Record<string, Sql>> = {
  smallint: sql`smallint`,
  integer: sql`integer`,
  bigint: sql`bigint`,
  numeric: sql`numeric`,
  character: sql`character`,
  'character varying': sql`character varying`,
  text: sql`pg_catalog.text`,
  uuid: sql`pg_catalog.uuid`,
};

/** The value in its new type; raises an error, or cuts something off, where the value is not `castable`. */
export function cast(value: Sql, { from, to }: Cast): Sql {
  if (hasNone(from, to)) return sql`null::${typeOf(to)}`;
  // Its padding is no part of the value, and a uuid takes no spaces.
  return withoutModifier(from) === 'character'
    ? sql`${value}::pg_catalog.text::${typeOf(to)}`
    : sql`${value}::${typeOf(to)}`;
}

/** The value in its new type, or null where it has none; never an error. */
export const castOrNull = (value: Sql, rule: Cast): Sql =>
  hasNone(rule.from, rule.to)
    ? cast(value, rule)
    : sql`case when ${castable(value, rule)} then ${cast(value, rule)} end`;

/** True for a value that has a place in the new type; asks no type's input function, so that nothing can raise an error. */
export function castable(value: Sql, { from, to }: Cast): Sql {
  if (hasNone(from, to)) return sql`false`;
  if (isTextType(to)) return fitsLength(value, to);
  if (withoutModifier(from) === 'numeric') return isWhole(value, to);
  return withoutModifier(to) === 'uuid' ? matches(value, UUID) : isNumber(value, to);
}

/** True for a value that no cast brings into the new type. */
export const uncastable = (value: Sql, rule: Cast): Sql =>
  sql`(${value} is not null and not (${castable(value, rule)}))`;

/** True when the text of a value is not the same in both types; immutable, so that an index can hold it. */
export function changesForm(old: Sql, now: Sql, { from, to }: Cast): Sql {
  const padded = (value: Sql, type: string): Sql =>
    withoutModifier(type) === 'character'
      ? sql` or pg_catalog.octet_length(${value}) operator(pg_catalog.<>) pg_catalog.octet_length(${value}::pg_catalog.text)`
      : sql``;
  return sql`(${text(old)} is distinct from ${text(now)}${padded(old, from)}${padded(now, to)})`;
}

const UUID = '^[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}$';
const WHOLE = '^[-+]?[0-9]{1,40}$';
const DECIMAL = '^[-+]?[0-9]{1,200}([.][0-9]{1,200})?$';

const LIMITS: Readonly<Record<string, readonly [least: Sql, most: Sql]>> = {
  smallint: [sql`-32768`, sql`32767`],
  integer: [sql`-2147483648`, sql`2147483647`],
  bigint: [sql`-9223372036854775808`, sql`9223372036854775807`],
};

const TEXTS: readonly string[] = ['text', 'character varying', 'character'];

/** True for the types that hold text. */
export const isTextType = (type: string): boolean => TEXTS.includes(withoutModifier(type));
const isUuid = (type: string): boolean => type === 'uuid';

/** A uuid is never a number, nor a number a uuid. */
const hasNone = (from: string, to: string): boolean =>
  (isUuid(from) && !isTextType(to)) || (isUuid(to) && !isTextType(from));

/** Under "C", because a regular expression takes no nondeterministic collation (before PostgreSQL 18). */
const text = (value: Sql): Sql => sql`${value}::pg_catalog.text collate pg_catalog."C"`;
const matches = (value: Sql, pattern: string): Sql =>
  sql`(${text(value)}) operator(pg_catalog.~) ${literal(pattern)}`;

/** CASE, because it alone promises that the second question is only asked where the first one is true (manual, 4.2.14). */
function isNumber(value: Sql, to: string): Sql {
  const number = sql`${value}::pg_catalog.text::numeric`;
  const whole = LIMITS[to] !== undefined;
  return sql`case when ${matches(value, whole ? WHOLE : DECIMAL)} then ${inRange(number, to)} else false end`;
}

const isWhole = (value: Sql, to: string): Sql =>
  sql`case when ${inRange(value, to)} then ${value} operator(pg_catalog.=) pg_catalog.trunc(${value}) else false end`;

function inRange(number: Sql, to: string): Sql {
  const limits = LIMITS[to];
  if (limits)
    return sql`${number} operator(pg_catalog.>=) (${limits[0]}) and ${number} operator(pg_catalog.<=) ${limits[1]}`;
  const [, precision, scale = '0'] = /\((\d+)(?:,(\d+))?\)$/.exec(to) ?? [];
  if (precision === undefined) return sql`true`;
  const most = literal(`1${'0'.repeat(Number(precision) - Number(scale))}`);
  return sql`pg_catalog.abs(${number}) operator(pg_catalog.<) ${most}::numeric and ${number} operator(pg_catalog.=) pg_catalog.round(${number}, ${integer(Number(scale))})`;
}

function fitsLength(value: Sql, to: string): Sql {
  const [, most] = /\((\d+)\)$/.exec(to) ?? [];
  return most === undefined
    ? sql`true`
    : sql`pg_catalog.char_length(${value}::pg_catalog.text) operator(pg_catalog.<=) ${integer(Number(most))}`;
}
