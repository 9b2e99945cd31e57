import { FkGuardError } from '../../errors';

/** A key as text: one value, or one for each name. Throws `WRONG_KEY`. */
export function keyTexts(key: unknown): string | Readonly<Record<string, string>> {
  if (!isPlainObject(key)) return valueText(key);
  const entries = Object.entries(key).map(([name, value]) => [name, valueText(value)] as const);
  if (entries.length === 0) throw wrong('it is empty');
  return Object.fromEntries(entries);
}

function valueText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'bigint':
    case 'boolean':
      return `${value}`;
    case 'number':
      // Beyond that JavaScript has rounded it already: it would be another row's key.
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw wrong(`${value} is no exact number`);
      return String(value);
    default:
      if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
      throw wrong(value === null ? 'a value is null' : `a value is ${typeof value}`);
  }
}

const wrong = (why: string): FkGuardError =>
  new FkGuardError(
    'WRONG_KEY',
    `That is no key: ${why}.`,
    'Give one value, or an object of column (or attribute) and value; large numbers as text.',
  );

const isPlainObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
