import type { Cast, ColumnGrant, Shadow } from './changes/conversion';

/** One column of a relation whose type PostgreSQL does not accept in a key to its parent (42804). */
export interface MismatchedColumn {
  readonly cast: Cast;
  readonly parentColumn: string;
  /** What the models, or a declaration, call the two types. */
  readonly childWord?: string;
  readonly parentWord?: string;
  /** What else uses the child's column, in PostgreSQL's words; indexes and keys of plain columns, which follow a conversion, left out. */
  readonly users: readonly string[];
  /** The column's default, and its value in the new type where it has one; null is the same in every type. */
  readonly default?: { readonly written: string; readonly converted?: string | null };
  /** Whose subscribers would keep the old type. */
  readonly publications: readonly string[];
  /** Of the parent's column, where it is not its type's own. */
  readonly collation?: { readonly schema: string; readonly name: string };
  /** Read where the table may be too large to be written anew in one go. */
  readonly shadow?: ShadowFacts;
}

/** What a conversion by a second column has to take over, and what of it is there already. */
export interface ShadowFacts {
  readonly names: Omit<Shadow, 'schema'>;
  /** The column with its trigger. */
  readonly exists: boolean;
  readonly notNull: boolean;
  /** What proves NOT NULL of the shadow. */
  readonly check: { readonly name: string; readonly exists: boolean };
  /** The index of the rows that change their form. */
  readonly changed: 'absent' | 'invalid' | 'valid';
  readonly indexes: readonly {
    readonly name: string;
    readonly method: string;
    readonly unique: boolean;
    readonly columns: readonly string[];
    readonly copy: string;
    readonly state: 'absent' | 'invalid' | 'valid';
  }[];
  readonly comment?: string;
  readonly grants: readonly ColumnGrant[];
  /** What cannot be made again for another column. */
  readonly obstacles: readonly string[];
}

/** What the rows say about a conversion. */
export interface ConversionCount {
  readonly rows: number;
  /** Of the table with its indexes. */
  readonly bytes: number;
  /** Rows with a value that has no place in the new type, nor a translation. */
  readonly uncastable: number;
  /** For each column, rows whose value has another text form in the new type. */
  readonly changed: readonly number[];
  /** Rows that a parent names by another text of the same value: as text they would lose it. */
  readonly writtenOtherwise: number;
  /** The first unique index that would hold a value twice. */
  readonly doubled?: string;
  readonly parentIsEmpty: boolean;
  /** Text forms of some uncastable values; empty unless asked for. */
  readonly samples: readonly string[];
}

/** The types of a relation that do not fit, and what it would mean to convert them. */
export interface TypeMismatch {
  readonly columns: readonly MismatchedColumn[];
  /** Absent where the rows were not looked at. */
  readonly count?: ConversionCount;
}
