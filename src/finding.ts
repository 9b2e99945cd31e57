import type { ProblemKind } from './problems';

/** A table's columns as they stand in reports. */
export interface Place {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
}

/** Why a repair was refused, and the option that lifts it. */
export interface Refusal {
  readonly code: RefusalCode;
  /** The option to set, as it would be written. */
  readonly option: string;
  readonly message: string;
}

/** Why a repair was refused; docs/problems.md and docs/policy.md say what each means and what lifts it. */
export type RefusalCode =
  | 'DEFAULT_ACTION'
  | 'ACTION_FORBIDS'
  | 'SET_NULL_ON_NOT_NULL'
  | 'SHARED_COLUMN'
  | 'COLUMN_LIST'
  | 'MATCH_FULL'
  | 'TEMPORAL_KEY'
  | 'LIVE_KEY_DISAGREES'
  | 'CONTRADICTION'
  | 'WRONG_WAY'
  | 'SENTINEL_KEYS'
  | 'POLYMORPHIC'
  | 'KEEP'
  | 'JUST_SYNCED'
  | 'LIMIT'
  | 'EMPTY_PARENT'
  | 'ROWS_OF_OTHER_TARGET'
  | 'NOT_MEASURED'
  | 'DUPLICATE_VALUES'
  | 'NULL_VALUES'
  | 'UNREADABLE'
  | 'USER_TRIGGER'
  | 'TRIGGER_VETO'
  | 'CASCADE_BLOCKED'
  | 'BLOCKED_BELOW'
  | 'STANDBY'
  | 'SUBSCRIBED'
  | 'AMBIGUOUS_PARENT'
  | 'PARTITIONED'
  | 'WHICH_ACTION'
  | 'BLOCKED_BY_FINDING'
  | 'MODELS_DISAGREE'
  | 'TYPE_UNDECLARED'
  | 'UNSUPPORTED'
  | 'COLUMN_IN_USE'
  | 'UNCASTABLE_VALUES'
  | 'TOO_LARGE'
  | 'WRITTEN_OTHERWISE'
  | 'PUBLISHED'
  | 'NO_SUCH_PARENT'
  | 'RUN_ROWS';

/** One thing that does not fit, in the words that users see. */
export interface Finding {
  /** Stable from run to run: the kind and the place, never a count. */
  readonly id: string;
  /** What is wrong; docs/problems.md has a section for each. */
  readonly kind: ProblemKind;
  /** `error` breaks a promise of the models, `warning` works and will hurt, `info` is worth knowing. */
  readonly severity: 'error' | 'warning' | 'info';
  /** `Model.attribute`, as the option `relations` addresses it; absent where it is about a table. */
  readonly relation?: string;
  /** The child's model. */
  readonly model?: string;
  readonly association?: string;
  readonly child: Place;
  readonly parent?: Place;
  /** The name that the key or index has in the database. */
  readonly constraint?: string;
  /** Rows that it is about, where they were counted. */
  readonly rows?: number;
  /** Keys of some of these rows, as text; only as many as the option `sampleKeys` allows. */
  readonly sampleKeys?: readonly string[];
  /** One sentence with the names and numbers. */
  readonly message: string;
  /** Why it hurts. */
  readonly why: string;
  /** What is done about it, or what to do. */
  readonly help: string;
  /** `automatic`: `apply` repairs it; `refused`: it would, and `refusal` says what lifts that; `manual`: only a person can. */
  readonly repair: 'automatic' | 'refused' | 'manual';
  readonly refusal?: Refusal;
  /** Ids of the findings that cause this one: with them mended it is gone, or can be mended. Absent where there are none. */
  readonly causedBy?: readonly string[];
}

/** Every refusal among findings, each with the finding's id. */
export const refusalsOf = (
  findings: readonly Finding[],
): readonly (Refusal & { readonly finding: string })[] =>
  findings.flatMap(({ id, refusal }) => (refusal ? [{ ...refusal, finding: id }] : []));
