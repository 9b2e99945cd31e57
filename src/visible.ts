/**
 * What moves a terminal's cursor, starts a line or turns the text's direction round (Trojan Source): in a name it could
 * make one line look like another.
 */
const UNSEEN =
  '\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff';
const unseen = new RegExp(`[${UNSEEN}]`, 'g');
const unseenButLineBreaks = new RegExp(`(?!\\n)[${UNSEEN}]`, 'g');

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const code = (character: string): string => character.charCodeAt(0).toString(16).padStart(4, '0');
const written = (character: string): string => SHORT[character] ?? `\\u${code(character)}`;

/** Text on one line, with an escape in place of each character that cannot be seen. */
export const visible = (text: string): string => text.replace(unseen, written);

/** The same for text that has lines of its own. */
export const visibleLines = (text: string): string => text.replace(unseenButLineBreaks, written);

/** All texts in some data; SQL stays SQL. */
export function visibleIn<T>(data: T): T {
  return walk(data, undefined) as T;
}

/** Where data hold statements. */
const SQL_FIELDS: readonly string[] = ['sql', 'statement', 'statements'];

function walk(value: unknown, field: string | undefined): unknown {
  if (typeof value === 'string')
    return field !== undefined && SQL_FIELDS.includes(field) ? visibleSql(value) : visible(value);
  if (Array.isArray(value)) return value.map((item) => walk(item, field));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, own]) => [name, walk(own, name)]));
}

/** A constant with escapes, a constant, a name in quotes. */
const QUOTED = /E'(?:[^'\\]|''|\\[^])*'|'(?:[^']|'')*'|"(?:[^"]|"")*"/g;

/** The same statement in characters that can be seen: names as `U&"…"`, which PostgreSQL reads as the same names (manual, 4.1.2.3). */
export const visibleSql = (sql: string): string =>
  visibleLines(
    sql.replace(QUOTED, (token) => {
      if (token.search(unseen) < 0) return token;
      if (token.startsWith('E')) return token.replace(unseen, (character) => `\\u${code(character)}`);
      return `U&${token.replaceAll('\\', '\\\\').replace(unseen, (character) => `\\${code(character)}`)}`;
    }),
  );
