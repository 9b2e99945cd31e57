import type { Change } from './changes/change';
import type { Lock } from './changes/statement';
import type { Finding, Place, Refusal } from './finding';
import type { NotMeasured } from './snapshot';
import type { PartOutcome, TenantOutcome, TenantPlan, TenantsSeen } from './tenants/results';

/** Which database was looked at. */
export interface DatabaseInfo {
  readonly name: string;
  /** Name or address, without port and user. */
  readonly host: string;
  /** Such as `18.1`. */
  readonly serverVersion: string;
}

/** Numbers for a first line. */
export interface Summary {
  readonly tables: number;
  /** Relations that were looked at; 0 means that nothing was examined, not that all is well. */
  readonly relations: number;
  /** Relations whose key is exactly what is wanted, validated, and alone. */
  readonly healthy: number;
  /** Counted rows without a parent, over all relations. */
  readonly orphanRows: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
}

/** A relation that was looked at. */
export interface ReportRelation {
  /** `Model.attribute`, or the key's own name where it was declared by hand. */
  readonly id: string;
  readonly child: Place;
  readonly parent: Place;
  /** Its key is exactly what is wanted, validated, and alone. */
  readonly healthy: boolean;
}

/** What a look at the database found. */
export interface Report {
  readonly schemaVersion: 1;
  readonly database: DatabaseInfo;
  readonly relations: readonly ReportRelation[];
  readonly findings: readonly Finding[];
  readonly summary: Summary;
  /** Relations whose rows were not counted, and why; `trusted` means that a valid key proves them clean. */
  readonly notMeasured: readonly {
    readonly relation: string;
    readonly reason: NotMeasured;
    /** The tenant's, where there are several. */
    readonly schema?: string;
  }[];
  /** With `schemas`: how the tenants are. Findings and relations say by their child's schema whose they are. */
  readonly tenants?: TenantsSeen;
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
  /** With `schemas`: what is to be done where all tenants share it, first of all. `steps` above has everything, for readers. */
  readonly shared?: Plan;
  /** With `schemas`: one plan per tenant, each with a fingerprint of its own. */
  readonly tenants?: readonly TenantPlan[];
}

/** What became of one step. */
export interface StepResult {
  readonly id: string;
  readonly title: string;
  /** `stopped`: the run's own cap (`maxRunTime`, `maxRunRows`) ended it in or before this step; the next run goes on. */
  readonly status: 'done' | 'skipped' | 'refused' | 'failed' | 'stopped';
  readonly rows: number;
  readonly durationMs: number;
  readonly error?: { readonly code: string; readonly message: string; readonly advice: string };
}

/** What a run did. */
export interface Outcome {
  /** Of the ledger, for `restore`; undefined where there was nothing to do. */
  readonly runId: string | undefined;
  /** `partial`: it stopped part way, and running again goes on; `refused`: what is left needs a decision. */
  readonly status: 'clean' | 'repaired' | 'partial' | 'refused';
  readonly steps: readonly StepResult[];
  /** Rows that steps removed themselves; what cascades took is in `rowsQuarantined`. */
  readonly rowsDeleted: number;
  readonly rowsNullified: number;
  /** Orphans that got another parent. */
  readonly rowsReparented: number;
  /** Parents that were made because their children missed them. */
  readonly parentsCreated: number;
  /** Copies in the quarantine: the rows above and those that cascades took or changed behind them. */
  readonly rowsQuarantined: number;
  /** What a look after the run still found. */
  readonly remaining: readonly Finding[];
  readonly durationMs: number;
  /** With `schemas`: what became of what all tenants share. The figures above are those of all runs together. */
  readonly shared?: PartOutcome;
  /** With `schemas`: what became of each tenant. */
  readonly tenants?: readonly TenantOutcome[];
}
