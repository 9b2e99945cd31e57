import type { Place } from '../finding';
import type { DatabaseInfo } from '../outcome';

/** What stands in the guard's own schema and what is still to be proved; nothing is judged or counted anew. */
export interface Status {
  readonly schemaVersion: 1;
  readonly database: DatabaseInfo;
  readonly ledger: LedgerStatus;
  /** The latest first. */
  readonly runs: readonly RunStatus[];
  readonly notValid: readonly NotValidKey[];
  readonly quarantine: QuarantineStatus;
}

/** The guard's schema: not there, there without its tables, not usable (`error` says why and what to do), or read. */
export interface LedgerStatus {
  readonly schema: string;
  readonly state: 'none' | 'empty' | 'unusable' | 'ready';
  /** All runs, those that are not listed included. */
  readonly runs: number;
  readonly error?: { readonly code: string; readonly message: string; readonly advice: string };
}

/** One run. Times are ISO 8601; how long it took is not known of a run that is still at work, or died. */
export interface RunStatus {
  readonly runId: string;
  /** The migration that made it. */
  readonly origin?: string;
  readonly startedAt: string;
  readonly durationMs?: number;
  /** `interrupted` also for a run whose process is gone without a word. */
  readonly status: 'running' | 'interrupted' | 'clean' | 'repaired' | 'partial' | 'refused';
  /** The run that it went on from. */
  readonly resumes?: string;
  /** True when the next run goes on from this one: what it took counts for the limits of that. */
  readonly goesOn: boolean;
  /** True when `limits` stopped it. */
  readonly limited: boolean;
  readonly rowsDeleted: number;
  readonly rowsNullified: number;
  readonly rowsReparented: number;
  readonly parentsCreated: number;
  /** Values that are of another type now, as far as their copies tell. */
  readonly rowsConverted: number;
  /** All copies that it has made, cascades included. */
  readonly rowsQuarantined: number;
  /** Copies that are still there: those of rows that are not back, and the other ones. */
  readonly open: number;
  readonly restored: number;
  readonly purged?: { readonly rows: number; readonly at: string };
}

/** A foreign key that nothing has proved yet. */
export interface NotValidKey {
  readonly constraint: string;
  readonly child: Place;
  readonly parent: Place;
  /** The models' relation, where one is known. */
  readonly relation?: string;
  /** False for a NOT ENFORCED key (PostgreSQL 18), which stops nothing. */
  readonly enforced: boolean;
}

/** How much is kept. `bytes` is the size on disk, with indexes; that of a table is the size of its copies' values. */
export interface QuarantineStatus extends CopyCount {
  readonly bytes: number;
  readonly tables: readonly (CopyCount & { readonly table: string; readonly bytes: number })[];
}

/** Copies: `open` ones are of rows that are not back. */
export interface CopyCount {
  readonly rows: number;
  readonly open: number;
  readonly restored: number;
  /** When the oldest copy was taken, and how long ago that is by the server's clock. */
  readonly oldest?: string;
  readonly oldestMs?: number;
}
