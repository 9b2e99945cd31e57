import type { ForeignKey } from '../../catalog/catalog';
import type { Place } from '../../finding';
import type { DatabaseInfo } from '../../outcome';

/** What ONE delete of a row would take along, by the database's actual foreign keys; nothing was written. */
export interface Impact {
  readonly schemaVersion: 1;
  readonly database: DatabaseInfo;
  /** The table that was meant, as `schema.table`, and its model where one is known. */
  readonly table: string;
  readonly model?: string;
  /** The key that was asked for, by column. */
  readonly key: Readonly<Record<string, string>>;
  /** False when there is no such row; then nothing else is said. */
  readonly found: boolean;
  /** True when the model is paranoid: its `destroy()` only sets `deletedAt`, and takes nothing along without `force: true`. */
  readonly paranoid: boolean;
  /** `deletes`, or `blocked` when the database would refuse; `unknown` when not all of that could be found out. */
  readonly verdict: 'deletes' | 'blocked' | 'unknown';
  /** All rows that would go, the row itself included; each is counted once, whatever ways lead to it. */
  readonly rowsDeleted: number;
  /** Rows that would stay with other values: SET NULL, SET DEFAULT. */
  readonly rowsChanged: number;
  /** Level by level: the row itself is level 0, what its delete takes level 1, and so on. */
  readonly steps: readonly ImpactStep[];
  readonly tables: readonly ImpactTable[];
  /** What would make the database refuse. The counts say what would happen if it did not. */
  readonly blocks: readonly ImpactBlock[];
  /** What the answer leaves open: triggers and rules of the application, rows that may not be read, checks. */
  readonly doubts: readonly ImpactDoubt[];
  /** What to know beside that: keys without an index, keys that are switched off. */
  readonly warnings: readonly string[];
}

/** Rows of one table that one key leads to at one level; they are counted where they were reached first. */
export interface ImpactStep {
  readonly level: number;
  readonly action: 'delete' | 'set null' | 'set default';
  readonly table: string;
  readonly model?: string;
  /** The key that leads there; the row itself has none. */
  readonly constraint?: string;
  readonly relation?: string;
  readonly columns: readonly string[];
  readonly rows: number;
}

/** One table's share. */
export interface ImpactTable {
  readonly table: string;
  readonly model?: string;
  readonly rowsDeleted: number;
  readonly rowsChanged: number;
}

/** Rows over which the database would refuse the delete. */
export interface ImpactBlock {
  readonly constraint: string;
  readonly relation?: string;
  readonly child: Place;
  readonly parent: Place;
  readonly rows: number;
  /** What refuses; `SET NULL` where the column may not be null, `SET DEFAULT` where the default is no parent's key. */
  readonly because: ForeignKey['onDelete'];
  /** True for a deferred key, which refuses at COMMIT: the same transaction can still put it right. */
  readonly atCommit: boolean;
}

/** Something that could make it come otherwise, and why. */
export interface ImpactDoubt {
  readonly kind: 'trigger' | 'rule' | 'unreadable' | 'check' | 'order' | 'default' | 'key' | 'size';
  /** `schema.table`. */
  readonly table: string;
  readonly message: string;
}
