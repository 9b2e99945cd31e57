import type { TableName } from '../schema';

/** A column that takes another type, in the words of `format_type`. */
export interface Cast {
  readonly column: string;
  readonly from: string;
  readonly to: string;
}

/** A conversion of one column. */
export interface Conversion {
  readonly table: TableName;
  readonly cast: Cast;
  /** Of the new type, where it is not the type's own. */
  readonly collation?: { readonly schema: string; readonly name: string };
  /** The column's default as it is, and its value in the new type; none is needed for null. */
  readonly default?: { readonly written: string; readonly converted: string | null };
  readonly remap?: Remap;
  /** Rows whose value has another text form afterwards; they are copied into the quarantine first. */
  readonly rows: number;
}

/** A translation of old values into keys of the parent. */
export interface Remap {
  /** The user's own query, with two columns: the old value and the new one. */
  readonly using: string;
}

/** A conversion beside a running application, by a second column that a trigger keeps in step. */
export interface Shadowed {
  readonly conversion: Conversion;
  readonly shadow: Shadow;
}

/** The names of what a conversion needs for its time. */
export interface Shadow {
  readonly column: string;
  readonly trigger: string;
  /** The guard's own schema holds the trigger's function. */
  readonly schema: string;
  readonly function: string;
  /** An index of the rows whose value has another text form, which makes the swap short. */
  readonly changed: string;
}

/** An index for the shadow column. */
export interface ShadowIndex {
  readonly name: string;
  readonly method: string;
  readonly unique: boolean;
  readonly columns: readonly string[];
  /** True for the index of the rows that change their form. */
  readonly changedOnly?: boolean;
}

/** What the column had, and has again after the swap. */
export interface ShadowSwap {
  readonly indexes: readonly { readonly copy: string; readonly name: string }[];
  /** The validated CHECK that lets PostgreSQL believe NOT NULL without a scan. */
  readonly check?: string;
  readonly comment?: string;
  readonly grants: readonly ColumnGrant[];
}

/** A privilege on a column. */
export interface ColumnGrant {
  readonly privilege: 'SELECT' | 'INSERT' | 'UPDATE' | 'REFERENCES';
  /** Absent for PUBLIC. */
  readonly role?: string;
  readonly grantable: boolean;
}

/** What can be done about a column of the wrong type. */
export type ConversionChange =
  | { readonly op: 'convert-column'; readonly conversion: Conversion }
  | ({ readonly op: 'add-shadow-column' } & Shadowed)
  | ({ readonly op: 'fill-shadow-column' } & Shadowed)
  | ({ readonly op: 'create-shadow-index'; readonly index: ShadowIndex } & Shadowed)
  | ({ readonly op: 'add-shadow-check'; readonly check: string } & Shadowed)
  | ({ readonly op: 'validate-shadow-check'; readonly check: string } & Shadowed)
  | ({ readonly op: 'swap-shadow-column'; readonly follow: ShadowSwap } & Shadowed);
