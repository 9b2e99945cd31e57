/**
 * Types that PostgreSQL accepts on the two sides of a key although they differ (42804 otherwise), and that a plain
 * operator compares as the key would. Not among them: a time with a zone, whose date depends on the session.
 */
const FAMILIES: readonly (readonly string[])[] = [
  ['smallint', 'integer', 'bigint', 'numeric'],
  ['text', 'character varying'],
  ['character varying', 'character'],
  ['real', 'double precision'],
  ['date', 'timestamp without time zone'],
];

/** A key pads its text as `character` does, a plain `character = text` does not: only a live key tells how to convert. */
const CONVERTED: readonly string[] = ['text', 'character varying', 'character', 'name'];

/** True when a column of type `child` can be compared with a key of type `parent`; `live` where a key does so already. */
export function fits(child: string, parent: string, live = false): boolean {
  const families = live ? [...FAMILIES, CONVERTED] : FAMILIES;
  const [a, b] = [withoutModifier(child), withoutModifier(parent)];
  // An integer becomes numeric by itself, a numeric no integer: that way round PostgreSQL refuses the key.
  if (a === 'numeric' && b !== 'numeric') return false;
  return a === b || families.some((family) => family.includes(a) && family.includes(b));
}

/** `character varying(36)` and `numeric(10,2)` without their modifier. */
export const withoutModifier = (type: string): string => type.replace(/\([\d,]+\)/, '');

const NAMES: Readonly<Record<string, string>> = {
  int: 'integer',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  serial: 'integer',
  smallserial: 'smallint',
  bigserial: 'bigint',
  decimal: 'numeric',
  varchar: 'character varying',
  char: 'character',
  bpchar: 'character',
  float: 'double precision',
  float4: 'real',
  float8: 'double precision',
  double: 'double precision',
  bool: 'boolean',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
};

/** A type as a model or a person calls it (`VARCHAR(36)`), in the words of PostgreSQL's `format_type`. */
export function typeName(written: string): string {
  const [, name = '', modifier = ''] = /^([^(]*)(\([^)]*\))?/.exec(written.trim().toLowerCase()) ?? [];
  const plain = name.trim().replace(/\s+/g, ' ');
  return `${NAMES[plain] ?? plain}${modifier.replace(/\s+/g, '')}`;
}

const TEXTS: readonly string[] = ['text', 'character varying', 'character'];
const INTEGERS: readonly string[] = ['smallint', 'integer', 'bigint'];
const NUMBERS: readonly string[] = [...INTEGERS, 'numeric'];

/**
 * How values of one type become values of another: by a cast, for those that have one; by none, because no value
 * has (a uuid is never a number); `undefined` where the guard does not know the types well enough to say.
 */
export function castBetween(from: string, to: string): 'cast' | 'never' | undefined {
  const [a, b] = [withoutModifier(from), withoutModifier(to)];
  const [, precision, scale] = /\((\d+),(\d+)\)$/.exec(to) ?? [];
  if (Number(scale ?? 0) > Number(precision ?? 0)) return undefined;
  if (TEXTS.includes(a)) return NUMBERS.includes(b) || b === 'uuid' ? 'cast' : undefined;
  if (TEXTS.includes(b)) return NUMBERS.includes(a) || a === 'uuid' ? 'cast' : undefined;
  if (a === 'numeric' && INTEGERS.includes(b)) return 'cast';
  return (a === 'uuid' && NUMBERS.includes(b)) || (NUMBERS.includes(a) && b === 'uuid') ? 'never' : undefined;
}
