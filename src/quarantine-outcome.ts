import type { DatabaseInfo } from './outcome';

/** What became of the rows of a run that were to be put back. */
export interface RestoreOutcome {
  readonly runId: string;
  /** Rows that came back in this call; under `dryRun`, that would. */
  readonly restored: number;
  /** Rows of the run that an earlier restore had put back, and when the last of them. Only when there are any. */
  readonly earlier?: { readonly rows: number; readonly at: string };
  /** Copies of the run that were purged before, and when; what was not back by then cannot come back. Only when there are any. */
  readonly purged?: { readonly rows: number; readonly at: string };
  /** Parents that the run made; they stay. Only when there are any. */
  readonly createdParents?: readonly { readonly table: string; readonly rows: number }[];
  /** What the run has done to the schema. Under `schema: true`, and wherever it keeps a row out. */
  readonly schema?: RestoredSchema;
  /** Rows that did not come back, each with the reason; their copies stay. */
  readonly failed: readonly { readonly table: string; readonly row: string; readonly reason: string }[];
}

/** The way back of a schema. */
export interface RestoredSchema {
  /** True when it was gone: under `schema: true`, and not in a dry run. */
  readonly undone: boolean;
  /** What takes the run's keys and types away and brings back what was there before, in this order; the rows come in between. */
  readonly statements: readonly string[];
  /** Keys that could not come back after the rows, and the statement for each; a further restore tries again. */
  readonly open: readonly { readonly statement: string; readonly reason: string }[];
}

/** Copies that `purge` takes away, or would take away. */
export interface PurgeOutcome {
  readonly database: DatabaseInfo;
  /** All copies that were removed, those of rows that are back included. */
  readonly rows: number;
  /** Copies from before this time (ISO 8601) are old enough. */
  readonly before: string;
  readonly runs: readonly PurgedRun[];
  /** Runs whose copies are old enough and stay all the same. */
  readonly kept: readonly KeptRun[];
}

/** One run whose copies go; they go together, because a row may need another one to come back. */
export interface PurgedRun {
  readonly runId: string;
  readonly startedAt: string;
  readonly rows: number;
  /** Copies of rows that were put back; the other ones are the only way back. */
  readonly restored: number;
  /** When the first and the last copy were taken. */
  readonly oldest: string;
  readonly newest: string;
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly restored: number }[];
}

/** `at-work`: a guard is at work, and it may be this run. `unfinished`: the next run goes on from it, or from a younger run that resumed it. */
export interface KeptRun {
  readonly runId: string;
  readonly rows: number;
  readonly reason: 'at-work' | 'unfinished';
}
