import type { Catalog } from '../catalog/catalog';
import type { Change } from '../changes/change';
import type { Session } from '../db';
import type { Events } from '../events';
import type { Settings } from '../options';
import type { Step } from '../outcome';
import type { Ledger } from './ledger';
import type { Pace } from './pace';
import type { Runner } from './runner';

/** What the carrying out of one step needs. */
export interface Work {
  readonly session: Session;
  readonly settings: Settings;
  readonly events: Events;
  readonly ledger: Ledger;
  readonly runner: Runner;
  readonly pace: Pace;
  readonly step: Step;
  /** What the run still has before it after this step, and may try. */
  readonly after: readonly Change[];
  /** The catalog as it was at the first look of the run. */
  readonly seen: Catalog;
  /** `performance.now()` after which nothing new is begun; Infinity outside of a start-up. */
  readonly deadline: number;
}
