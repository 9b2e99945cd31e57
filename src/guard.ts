import type { GuardEvents, GuardListener } from './events';
import type { Outcome, Plan, Report } from './outcome';
import type { PurgeOutcome, RestoreOutcome } from './quarantine-outcome';
import type { PurgeOptions } from './quarantine/purge-options';
import type { RestoreOptions } from './quarantine/restore/options';
import type { Impact } from './runtime/impact/impact';
import type { Health } from './runtime/health/health';
import type { Monitor } from './runtime/health/monitor';
import type { Status } from './status/status';

/**
 * The verbs, in the order in which a person uses them. Those that ask the database open connections of their own, and
 * reject with a FkGuardError: `CONNECTION`, or what is said of them. Only `health` never does.
 */
export interface FkGuard {
  /** Read-only: findings, counts, what was not measured. */
  check(): Promise<Report>;
  /** Read-only: what `apply` would do, with the SQL. */
  plan(): Promise<Plan>;
  /** Carries out a plan; without one it plans now. Refuses a plan whose catalog has moved (`PLAN_STALE`). */
  apply(plan?: Plan): Promise<Outcome>;
  /** What the start-up hook does, without a sync: plan, apply, verify. For applications that have migrations. */
  run(): Promise<Outcome>;
  /** A second look after `apply`. */
  verify(): Promise<Report>;
  /**
   * Puts the quarantined rows of one run back where that is possible. `schema` first takes back what the run has done
   * to keys and types, without which orphans cannot return. `dryRun` only says what would come back.
   */
  restore(runId: string, options?: RestoreOptions): Promise<RestoreOutcome>;
  /**
   * Takes old copies out of the quarantine for good; nothing else ever does. A run's copies go together, once the last
   * of them is older than `olderThan`; what a run is still to go on from stays. `dryRun` only says what would go.
   */
  purge(options: PurgeOptions): Promise<PurgeOutcome>;
  /** Read-only: the latest runs (10 unless `runs` says otherwise), keys that are NOT VALID, what is in the quarantine. */
  status(options?: { readonly runs?: number }): Promise<Status>;
  /**
   * Read-only: what ONE delete of this row would take along, null and be refused over, level by level, by the database's
   * actual foreign keys. `model` is a model's or a table's name; `key` its primary key, or an object of column (or
   * attribute) and value that names one row. Throws `NO_SUCH_TABLE`, `WRONG_KEY`, or `PRIVILEGE` where the row's table may
   * not be read.
   */
  impact(model: string, key: unknown): Promise<Impact>;
  /**
   * Read-only, for a health check: looks at the catalog and never at rows, for at most `timeout` (5 s); what counting
   * has found comes from the last count. Rejects for nothing that a database does, or does not do.
   */
  health(options?: { readonly timeout?: string }): Promise<Health>;
  /** Read-only: counts orphans so often, where no key disproves them; one process of several at a time. */
  monitor(options: { readonly every: string }): Monitor;
  /** Figures of this guard, by their Prometheus names; asks nobody. docs/monitoring.md lists them. */
  metrics(): Readonly<Record<string, number>>;
  /** Calls `listener` for each such event; what is returned takes it off again. */
  on<E extends keyof GuardEvents>(event: E, listener: GuardListener<E>): () => void;
  /** Of the last run of this guard in this process, by the hook, `run` or `apply`; undefined before the first. */
  readonly lastOutcome: Outcome | undefined;
  /** Takes the hooks and wrappers off the Sequelize instance, and ends monitors. */
  uninstall(): void;
}
