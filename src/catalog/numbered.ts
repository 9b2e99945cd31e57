import type { Catalog, ForeignKey, Table } from './catalog';
import { numberedColumns, type NumberedColumns } from './columns';
import { dictionaryOf, type Dictionary, type Numbers } from './dictionary';
import { foreignKeyOf, type End } from './foreign-key';
import { numberedKeys, type NumberedKey } from './foreign-keys';
import { groupBy } from '../group-by';
import { isValid, numberedIndexes, operatorClassesOf, type NumberedIndex } from './indexes';
import { number, type Parts } from './parts';
import { tableOf } from './table';

/** Tables and keys in the numbers of the catalog. */
export interface Contents extends Numbers {
  readonly parts: Parts;
  readonly columns: ReadonlyMap<string, NumberedColumns>;
  readonly indexes: ReadonlyMap<string, readonly NumberedIndex[]>;
  readonly keys: readonly NumberedKey[];
}

export function numbered(parts: Parts): Contents {
  const { byTable: columns, kinds } = numberedColumns(parts);
  const { byTable: indexes, kinds: indexKinds } = numberedIndexes(parts);
  const { keys, kinds: keyKinds } = numberedKeys(parts);
  const operatorClasses = operatorClassesOf(indexKinds);
  const operators = new Set(keyKinds.flatMap((kind) => kind.operators));
  return {
    parts,
    columns,
    indexes,
    keys,
    kinds,
    operatorClasses,
    operators,
    unfinished: unfinishedOf(indexes),
  };
}

const unfinishedOf = (indexes: Contents['indexes']): readonly string[] =>
  [...indexes].filter(([, list]) => !list.every(isValid)).map(([oid]) => oid);

/** The same in words, in order of names; `parts` has the details too. */
export function inWords(contents: Contents, parts: Parts): Pick<Catalog, 'tables' | 'foreignKeys'> {
  const dictionary = dictionaryOf(parts);
  const oids = inOrder(parts);
  const tables = oids.map((oid) =>
    tableOf(
      { oid, columns: columnsOf(contents, oid), indexes: contents.indexes.get(oid) ?? [] },
      parts,
      dictionary,
    ),
  );
  return {
    tables,
    foreignKeys: foreignKeys(contents, new Map(tables.map((table, i) => [oids[i] ?? '', table])), dictionary),
  };
}

/** The oids of the tables in order of their names, which the server knows to compare. */
const inOrder = (parts: Parts): readonly string[] =>
  [...parts('table')]
    .map(([oid, { two }]) => ({ oid, place: number(two?.slice(0, two.indexOf(' '))) }))
    .sort((a, b) => a.place - b.place)
    .map(({ oid }) => oid);

const columnsOf = ({ columns }: Contents, oid: string): NumberedColumns =>
  columns.get(oid) ?? { names: [], kinds: [] };

/** Keys in order of their tables' names and of their own, as those of all constraints of a table are. */
function foreignKeys(
  contents: Contents,
  tables: ReadonlyMap<string, Table>,
  dictionary: Dictionary,
): readonly ForeignKey[] {
  const { parts } = contents;
  const endOf = (oid: string): End => {
    const outside = parts('parent').get(oid);
    const name = tables.get(oid)?.name ?? { schema: outside?.one ?? '', name: outside?.two ?? '' };
    return { name, columns: columnsOf(contents, oid) };
  };
  const ofChild = groupBy(contents.keys, ({ child }) => child);
  return [...tables].flatMap(([oid, { constraints }]) =>
    sortedBy(constraints, ofChild.get(oid) ?? []).map((key) =>
      foreignKeyOf(key, endOf(oid), endOf(key.parent), !parts('unfenced').has(key.oid), dictionary),
    ),
  );
}

const sortedBy = (names: readonly string[], keys: readonly NumberedKey[]): readonly NumberedKey[] =>
  keys.length < 2 ? keys : keys.toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
