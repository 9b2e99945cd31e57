import type { Place } from '../../finding';

/** What has gone wrong about a foreign key, by what PostgreSQL was doing. */
export type ForeignKeyProblem =
  /** 23503: a child was written whose parent does not exist. */
  | 'missing-parent'
  /** 23503, and 23001 for RESTRICT since PostgreSQL 18: a parent was to go that still has children. */
  | 'children-block'
  /** 23503, and the error leaves open which end was written: the role may not see the key. */
  | 'violated'
  /** 23502: a parent went, and SET NULL met a column that may not be null. */
  | 'set-null-on-not-null'
  /** 23503: a parent went, and SET DEFAULT met a default that is no parent's key. */
  | 'default-without-parent'
  /** 42830: a key was to be made to columns that no unique key covers. */
  | 'no-unique-key'
  /** 42804: a key was to be made between columns whose types PostgreSQL does not compare. */
  | 'incompatible-types'
  /** 2BP01 and, for TRUNCATE, 0A000: a key still needs what was to be dropped or emptied. */
  | 'needed-by-key';

/** A database error over a foreign key in the application's own terms. */
export interface ForeignKeyExplanation {
  /** SQLSTATE, such as `23503`. */
  readonly code: string;
  readonly problem: ForeignKeyProblem;
  /** The key's name in the database. */
  readonly constraint?: string;
  /** `Model.attribute`, as options address it. */
  readonly relation?: string;
  /** The child's model and the parent's. */
  readonly model?: string;
  readonly parentModel?: string;
  readonly child?: Place;
  readonly parent?: Place;
  /**
   * Text forms by the parent's columns: of the parent that is missing, or of the one that still has children. Absent
   * where the server kept them back, and where a composite key's text can be read in two ways.
   */
  readonly key?: Readonly<Record<string, string>>;
  /** The children that are in the way, counted up to 1,000. */
  readonly children?: { readonly rows: number; readonly more: boolean };
  /** True when a deferred check failed at COMMIT: nothing of the transaction was kept. */
  readonly atCommit: boolean;
  /** A sentence for a person. */
  readonly message: string;
  /** What to do about it, in code where that is possible. */
  readonly suggestion: string;
}
