import type { Finding } from '../finding';

/** Findings that somebody has looked at and lets be for now. */
export interface Baseline {
  readonly entries: readonly Entry[];
}

/** One accepted finding; it holds no value of any row. */
export interface Entry {
  readonly id: string;
  readonly kind: string;
  readonly severity: Finding['severity'];
  /** How many rows it was about; more of them are not accepted. */
  readonly rows?: number;
  /** A digest of what it said, where that is not about numbers of rows. */
  readonly state: string;
  /** Why it may stay, in the words of whoever accepted it; the only field that a person edits. */
  readonly because: string;
}

/** A report beside a baseline. */
export interface Compared {
  /** Neither accepted nor only as bad as it was. */
  readonly fresh: readonly Finding[];
  readonly accepted: readonly { readonly finding: Finding; readonly because: string }[];
  /** Accepted once, and not as they are now; they are among the fresh ones. */
  readonly worse: readonly { readonly finding: Finding; readonly why: string }[];
  /** Accepted, and not found any more. */
  readonly vanished: readonly Entry[];
}
