import type { Session } from '../../db';
import type { Events } from '../../events';
import type { Runner } from '../../execution/runner';
import type { Settings } from '../../options';
import type { Sql } from '../../sql';

/** What giving the rows of one run back works with. */
export interface RestoreTask {
  readonly session: Session;
  readonly settings: Settings;
  readonly events: Events;
  readonly runner: Runner;
  /** The schema of the guard's tables, quoted. */
  readonly ledger: Sql;
  readonly runId: string;
  /** The application's own, along which its triggers expect to run. */
  readonly searchPath: string;
}
