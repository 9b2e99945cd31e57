import type { GuardEvents, GuardListener } from './events';
import type { Outcome, Plan, Report, RestoreOutcome } from './outcome';

/** The verbs, in the order in which a person uses them. */
export interface FkGuard {
  /** Read-only: findings, counts, what was not measured. */
  check(): Promise<Report>;
  /** Read-only: what `apply` would do, with the SQL. */
  plan(): Promise<Plan>;
  /** Carries out a plan; without one it plans now. Refuses a plan whose catalog has moved (`PLAN_STALE`). */
  apply(plan?: Plan): Promise<Outcome>;
  /** What the start-up hook does, without a sync: plan, apply, verify. */
  run(): Promise<Outcome>;
  /** A second look after `apply`. */
  verify(): Promise<Report>;
  /** Puts the quarantined rows of one run back where that is possible. */
  restore(runId: string, options?: { readonly dryRun?: boolean }): Promise<RestoreOutcome>;
  on<E extends keyof GuardEvents>(event: E, listener: GuardListener<E>): () => void;
  readonly lastOutcome: Outcome | undefined;
  /** Takes the hooks and wrappers off the Sequelize instance. */
  uninstall(): void;
}
