import type { Cleaning } from './cleaning';
import type { ConversionChange } from './conversion';
import type { IndexChange } from './index-change';
import type { MissingParent, OrphanCondition } from './orphan-change';
import type { Deferrability, ReferentialAction, TableName } from '../schema';

export type { MissingParent, OrphanCondition, RowLimits, Strategy } from './orphan-change';

/** A foreign key as it shall be created. */
export interface KeySpecification {
  readonly name: string;
  readonly child: TableName;
  readonly childColumns: readonly string[];
  readonly parent: TableName;
  readonly parentColumns: readonly string[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  /** What SET NULL or SET DEFAULT changes, where it is not all columns (PostgreSQL 15). */
  readonly setColumns?: readonly string[];
  readonly matchFull?: true;
  readonly deferrable?: Exclude<Deferrability, 'NOT DEFERRABLE'>;
}

/** What can be done to a database. Each is data: `statement.ts` turns it into SQL, `plan.ts` puts it in order. */
export type Change =
  | IndexChange
  | {
      readonly op: 'add-not-null-check';
      readonly table: TableName;
      readonly columns: readonly string[];
      readonly name: string;
    }
  | { readonly op: 'validate-check'; readonly table: TableName; readonly name: string }
  /** `check` has proved that nothing is null, and goes in the same transaction: nothing would look for it afterwards. */
  | {
      readonly op: 'add-primary-key';
      readonly table: TableName;
      readonly index: string;
      readonly name: string;
      readonly check?: string;
    }
  | ({ readonly op: 'clean-uncastable' } & Cleaning)
  | ConversionChange
  | {
      readonly op: 'add-foreign-key';
      readonly key: KeySpecification;
      /** Stronger locks, where keys of partitions are adopted with it. */
      readonly modes?: FenceModes;
      readonly partitionOf?: TableName;
    }
  | {
      readonly op: 'swap-foreign-key';
      readonly key: KeySpecification;
      readonly drop: readonly DroppedKey[];
      readonly partitionOf?: TableName;
    }
  | ({ readonly op: 'clean-orphans' } & Cleaning)
  | {
      readonly op: 'create-parents';
      /** The children that miss them. */
      readonly children: OrphanCondition;
      readonly parents: readonly MissingParent[];
    }
  | {
      readonly op: 'validate-foreign-key';
      readonly table: TableName;
      readonly columns: readonly string[];
      readonly parent: TableName;
      readonly name: string;
      readonly partitionOf?: TableName;
    }
  /** The key of a partitioned table, made of valid keys that its partitions have already: no row is looked at. */
  | {
      readonly op: 'adopt-foreign-key';
      readonly key: KeySpecification;
      /** What goes in the same statement. */
      readonly drop: readonly DroppedKey[];
      readonly modes: FenceModes;
    }
  | {
      readonly op: 'alter-foreign-key';
      readonly table: TableName;
      readonly columns: readonly string[];
      readonly name: string;
      readonly deferrability: Deferrability;
      /** What it was, to which an undo goes back. */
      readonly before: Deferrability;
    }
  | {
      readonly op: 'drop-foreign-key';
      readonly table: TableName;
      readonly columns: readonly string[];
      readonly drop: readonly DroppedKey[];
      readonly partitionOf?: TableName;
    };

/** What putting a key in place locks a table with. */
export type FenceMode = 'SHARE ROW EXCLUSIVE' | 'ACCESS EXCLUSIVE';

export interface FenceModes {
  readonly parent: FenceMode;
  readonly child: FenceMode;
}

/** A key that goes, with what is needed to bring it back. */
export interface DroppedKey {
  readonly name: string;
  readonly parent: TableName;
  /** `pg_get_constraintdef`, from which it can be added again. */
  readonly definition: string;
  /** A partitioned table that takes no NOT VALID key (before PostgreSQL 18) had it: it comes back by a scan. */
  readonly scanned?: true;
}

/**
 * The order of the phases of a plan. A missing entry does not compile.
 *
 * Keys that parents need come first; then the types; then the fences (new orphans stop); then the indexes without which
 * each cascade would read a whole table; then missing parents and the clean-up; then the proof (`validate`); what that
 * makes superfluous goes last.
 */
export const PHASES = {
  'drop-index': 9,
  'create-partitioned-index': 9.5,
  'create-unique-index': 10,
  'attach-index': 10.5,
  'add-not-null-check': 11,
  'validate-check': 12,
  'add-primary-key': 13,
  'clean-uncastable': 14,
  'convert-column': 15,
  'add-shadow-column': 15,
  'fill-shadow-column': 16,
  'create-shadow-index': 17,
  'add-shadow-check': 17,
  'validate-shadow-check': 18,
  'swap-shadow-column': 19,
  'add-foreign-key': 20,
  'swap-foreign-key': 21,
  'create-index': 25,
  'create-parents': 26,
  'clean-orphans': 30,
  'validate-foreign-key': 40,
  'adopt-foreign-key': 45,
  'alter-foreign-key': 46,
  'drop-foreign-key': 50,
} as const satisfies Record<Change['op'], number>;
