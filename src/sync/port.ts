import type { Outcome } from '../outcome';
import type { Relation } from '../expected';

/** What a sync is about to touch. */
export interface SyncScope {
  /** Names of the models that it syncs; `undefined` means all of them. */
  readonly models?: readonly string[];
  /** Set when the models are synced into another schema than their own (`Model.schema('x').sync()`). */
  readonly schema?: string;
  readonly force: boolean;
  readonly alter: boolean;
}

/** A sync under the guard's protection: repairs that it needs are done, the single-runner lock is held if needed. */
export interface GuardedSync {
  /**
   * The relations whose keys the guard will create itself, so that Sequelize must not see their `references`.
   * Empty in check mode.
   */
  readonly owned: readonly Relation[];
  /**
   * Repairs what is left, releases the lock. Never throws unless `onFindings` is `'throw'`. `rowsStay` when syncs inside
   * of this one may have taken parents away: then no row is cleaned up.
   */
  finish(syncSucceeded: boolean, rowsStay: boolean): Promise<Outcome | undefined>;
}

/** Starts a guarded sync; called from the hook, after Sequelize's own checks and before its first statement. */
export type BeginSync = (scope: SyncScope) => Promise<GuardedSync>;
