import type { Operator, TableName } from '../schema';
import type { Cast } from './conversion';

/** Which rows are orphans: the children whose key is complete and has no parent. */
export interface OrphanCondition {
  readonly child: TableName;
  readonly childColumns: readonly string[];
  readonly parent: TableName;
  readonly parentColumns: readonly string[];
  /** The equality that the key itself uses, one for each column (`conpfeqop`). */
  readonly equality: readonly Operator[];
  /** Instead of those: the rows with a value that has no place in the type that its column is to have. */
  readonly uncastable?: readonly Cast[];
}

/** How far a clean-up may go in one table before it refuses. */
export interface RowLimits {
  /** A column of more rows than this is not converted in place, which would stop reads and writes meanwhile. */
  readonly rewriteRows: number;
  /** More than this many rows of one table are refused when they are also more than `fraction` of it. */
  readonly rows: number;
  /** Share of the table's rows, 0 to 1. */
  readonly fraction: number;
}

/** What is done to orphans: removed, set to null, or given another parent. */
export type Strategy = 'delete' | 'nullify' | 'reparent';

/** A parent that is to be made, because children point at it and it is missing. */
export interface MissingParent {
  /** Text forms, in the order of the parent's columns. */
  readonly key: readonly string[];
  /** Column → text form, the key's columns included. */
  readonly values: Readonly<Record<string, string | null>>;
}
