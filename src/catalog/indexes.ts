import type { Index, UniqueIndex } from './catalog';
import type { NumberedColumns } from './columns';
import type { Dictionary } from './dictionary';
import { once } from './once';
import { list, number, numbers, type Parts } from './parts';

/** An index in the numbers of the catalog. */
export interface NumberedIndex {
  readonly name: string;
  readonly kind: IndexKind;
  /** The name of the index on the partitioned table that this one is a part of. */
  readonly partOf: string | undefined;
}

/** What indexes of many tables have in common; of the columns only the key is meant: the others are there by INCLUDE. */
export interface IndexKind {
  readonly flags: number;
  readonly columns: readonly number[];
  readonly operatorClasses: readonly number[];
  readonly collations: readonly number[];
}

/** What the bits of `flags` say. */
const FLAGS = {
  unique: 1,
  primary: 2,
  valid: 4,
  partial: 8,
  deferrable: 16,
  searchable: 32,
  needed: 64,
  owned: 128,
} as const;

const has = (kind: IndexKind, flag: keyof typeof FLAGS): boolean => (kind.flags & FLAGS[flag]) !== 0;

export const isUnique = ({ kind }: NumberedIndex): boolean => has(kind, 'unique');

export const isValid = ({ kind }: NumberedIndex): boolean => has(kind, 'valid');

/** The indexes of each table by its oid, in order of their names, and every kind of index that there is. */
export function numberedIndexes(parts: Parts): {
  readonly byTable: ReadonlyMap<string, readonly NumberedIndex[]>;
  readonly kinds: readonly IndexKind[];
} {
  const kinds: IndexKind[] = [];
  const kindOf = once((text: string) => {
    const kind = parseKind(text);
    kinds.push(kind);
    return kind;
  });
  const byTable = new Map<string, readonly NumberedIndex[]>();
  for (const [oid, { one, two, three }] of parts('indexes')) {
    const wholes = three ? new Map(list<[string, string]>(three)) : undefined;
    const described = (two ?? '').split(';');
    byTable.set(
      oid,
      list<string>(one).map((name, i) => ({
        name,
        kind: kindOf(described[i] ?? ''),
        partOf: wholes?.get(name),
      })),
    );
  }
  return { byTable, kinds };
}

function parseKind(text: string): IndexKind {
  const [flags, keyColumns, columns, operatorClasses, collations] = text.split(',');
  return {
    flags: number(flags),
    columns: numbers(columns).slice(0, number(keyColumns)),
    operatorClasses: numbers(operatorClasses),
    collations: numbers(collations),
  };
}

/** The operator classes whose equality a key may rest on. */
export const operatorClassesOf = (kinds: readonly IndexKind[]): ReadonlySet<number> =>
  new Set(kinds.filter((kind) => has(kind, 'unique')).flatMap(({ operatorClasses }) => operatorClasses));

/** An expression, or a column under another collation than its own, stands as an empty string. */
export function indexOf(
  { name, kind }: NumberedIndex,
  { names, kinds }: NumberedColumns,
  isBuilding: boolean,
): Index {
  return {
    name,
    columns: kind.columns.map((column, i) => {
      const rule = kind.collations[i];
      return rule === 0 || rule === kinds[column - 1]?.collation ? (names[column - 1] ?? '') : '';
    }),
    unique: has(kind, 'unique'),
    valid: has(kind, 'valid'),
    searchable: has(kind, 'searchable'),
    needed: has(kind, 'needed') || has(kind, 'owned'),
    building: isBuilding && !has(kind, 'valid'),
  };
}

/**
 * A key compares under the collation of its parent's column, whatever that of the index is: an index that is stricter
 * would make orphans of good rows. Keys WITHOUT OVERLAPS (PostgreSQL 18) are unique by a range and not by equality: no
 * plain key can rest on one, as on a partial index.
 */
export function uniqueIndexOf(
  { name, kind, partOf }: NumberedIndex,
  { names, kinds }: NumberedColumns,
  dictionary: Dictionary,
): UniqueIndex {
  return {
    name,
    columns: kind.columns.map((column) => names[column - 1] ?? ''),
    primary: has(kind, 'primary'),
    ...(has(kind, 'owned') && { constraint: name }),
    valid: has(kind, 'valid'),
    ...(partOf !== undefined && { partOf }),
    partial: has(kind, 'partial'),
    deferrable: has(kind, 'deferrable'),
    equality: kind.columns.map((column, i) => {
      const collation = dictionary.collation(kinds[column - 1]?.collation ?? 0);
      return { ...dictionary.equality(kind.operatorClasses[i] ?? 0), ...(collation && { collation }) };
    }),
  };
}
