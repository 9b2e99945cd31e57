import type { Change } from './changes/change';
import type { Lock } from './changes/statement';
import type { Finding, Refusal } from './finding';
import type { NotMeasured } from './snapshot';

/** Which database was looked at. */
export interface DatabaseInfo {
  readonly name: string;
  readonly host: string;
  readonly serverVersion: string;
}

/** Numbers for a first line. */
export interface Summary {
  readonly tables: number;
  readonly relations: number;
  /** Relations whose key is exactly what is wanted, validated, and alone. */
  readonly healthy: number;
  readonly orphanRows: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
}

/** What a look at the database found. */
export interface Report {
  readonly schemaVersion: 1;
  readonly database: DatabaseInfo;
  readonly findings: readonly Finding[];
  readonly summary: Summary;
  /** Relations whose rows were not counted, and why; `trusted` means that a valid key proves them clean. */
  readonly notMeasured: readonly { readonly relation: string; readonly reason: NotMeasured }[];
}

/** One statement of a step, with the locks that it takes. */
export interface PlannedStatement {
  readonly sql: string;
  readonly locks: readonly Lock[];
}

/** One step of a plan: a change, why it is there, and what has to be done before it. */
export interface Step {
  readonly id: string;
  readonly change: Change;
  /** Ids of the findings that asked for it. */
  readonly because: readonly string[];
  /** Ids of steps without which this one must not run. */
  readonly requires: readonly string[];
  readonly title: string;
  readonly statements: readonly PlannedStatement[];
  /** Rows that the step removes or changes itself; cascades not counted. */
  readonly rows: number;
}

/** Ordered steps, and what was refused. Plain data: it survives `JSON.stringify`. */
export interface Plan {
  readonly schemaVersion: 1;
  readonly database: DatabaseInfo;
  /** Of the catalog that the plan was made from. */
  readonly fingerprint: string;
  /** Of the plan itself: one that was edited afterwards is refused. */
  readonly seal: string;
  readonly steps: readonly Step[];
  readonly findings: readonly Finding[];
  readonly refusals: readonly (Refusal & { readonly finding: string })[];
}

/** What became of one step. */
export interface StepResult {
  readonly id: string;
  readonly title: string;
  readonly status: 'done' | 'skipped' | 'refused' | 'failed';
  readonly rows: number;
  readonly durationMs: number;
  readonly error?: { readonly code: string; readonly message: string; readonly advice: string };
}

/** What a run did. */
export interface Outcome {
  readonly runId: string | undefined;
  readonly status: 'clean' | 'repaired' | 'partial' | 'refused';
  readonly steps: readonly StepResult[];
  readonly rowsDeleted: number;
  readonly rowsNullified: number;
  /** Orphans that got another parent. */
  readonly rowsReparented: number;
  /** Parents that were made because their children missed them. */
  readonly parentsCreated: number;
  /** Copies in the quarantine: the rows above and those that cascades took or changed behind them. */
  readonly rowsQuarantined: number;
  readonly remaining: readonly Finding[];
  readonly durationMs: number;
}

/** What became of one row that was to be put back. */
export interface RestoreOutcome {
  readonly runId: string;
  readonly restored: number;
  /** Copies of the run that were purged before, and when; what was not back by then cannot come back. Only when there are any. */
  readonly purged?: { readonly rows: number; readonly at: string };
  /** Parents that the run made; they stay. Only when there are any. */
  readonly createdParents?: readonly { readonly table: string; readonly rows: number }[];
  readonly failed: readonly { readonly table: string; readonly row: string; readonly reason: string }[];
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
