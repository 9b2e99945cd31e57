import type { Catalog } from './catalog/catalog';
import type { TableName, TableReference } from './schema';

/** PostgreSQL cuts identifiers at NAMEDATALEN - 1 bytes (manual, 4.1.1). */
const MAXIMUM_BYTES = 63;

/** `schema.table`, for messages and as a map key; names with dots stand in quotes, so that no two tables share an id. */
export const tableId = ({ schema, name }: TableReference): string =>
  schema === undefined ? name : `${unmistakable(schema)}.${unmistakable(name)}`;

const unmistakable = (name: string): string => (/[."]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);

/** True when both name the same table. */
export const sameTable = (a: TableName, b: TableName): boolean => a.schema === b.schema && a.name === b.name;

/** True when both lists hold the same names in the same order. */
export const sameNames = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, i) => name === b[i]);

/** True when both lists hold the same names in any order. */
export const sameNameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && (a.length === 1 ? a[0] === b[0] : sameNames([...a].sort(), [...b].sort()));

/**
 * The name that PostgreSQL itself would choose: `<table>_<columns>_<suffix>`, cut to 63 bytes, with a number
 * behind it when it is taken (`ChooseConstraintName` and `makeObjectName` in the server's sources).
 */
export function constraintName(
  table: string,
  columns: readonly string[],
  suffix: string,
  taken: readonly string[],
): string {
  for (let attempt = 0; ; attempt++) {
    const name = objectName(table, columns.join('_'), attempt === 0 ? suffix : `${suffix}${attempt}`);
    if (!taken.includes(name)) return name;
  }
}

/** The names that a new index in a schema cannot have: tables and indexes of one schema share their names (42P07). */
export function namesInSchema(catalog: Catalog, schema: string): readonly string[] {
  const known = namesOf.get(catalog) ?? new Map<string, readonly string[]>();
  namesOf.set(catalog, known);
  const names = known.get(schema) ?? readNames(catalog, schema);
  known.set(schema, names);
  return names;
}

/** Asked once for every key that may be made: with thousands of tables it is worth keeping. */
const namesOf = new WeakMap<Catalog, Map<string, readonly string[]>>();

const readNames = ({ tables }: Catalog, schema: string): readonly string[] =>
  tables
    .filter(({ name }) => name.schema === schema)
    .flatMap(({ name, indexes }) => [name.name, ...indexes.map((index) => index.name)]);

/** The longer part gives way byte by byte; a character that no longer fits goes as a whole. */
function objectName(table: string, columns: string, suffix: string): string {
  const room = MAXIMUM_BYTES - bytes(`_${suffix}`) - (columns === '' ? 0 : 1);
  let [first, second] = [bytes(table), bytes(columns)];
  while (first + second > room) {
    if (first > second) first--;
    else second--;
  }
  return [clip(table, first), clip(columns, second), suffix].filter((part) => part !== '').join('_');
}

function clip(text: string, most: number): string {
  let clipped = text;
  while (bytes(clipped) > most) clipped = withoutLastCharacter(clipped);
  return clipped;
}

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');
const withoutLastCharacter = (text: string): string => [...text].slice(0, -1).join('');

const SHADOW = 'fk_guard';

/** The name of the column that takes another one's place when it is filled. */
export const shadowName = (column: string): string => constraintName(column, [], SHADOW, []);

/** True for such a name. */
export const isShadowName = (column: string): boolean => column.endsWith(`_${SHADOW}`);

/** The known name that a person most likely meant, if one is close enough. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best && best.distance <= Math.max(2, Math.floor(name.length / 3)) ? best.candidate : undefined;
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = [...Array(b.length + 1).keys()];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
