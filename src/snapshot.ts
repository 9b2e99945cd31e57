import type { MissingParent } from './changes/change';
import type { WantedRelation } from './policy/wanted';
import type { Catalog, ForeignKey, Table, UniqueIndex } from './catalog/catalog';
import type { ModelTable } from './expected';
import type { TypeMismatch } from './mismatch';
import type { PartialKey } from './pairing/half-null';
import type { TableName } from './schema';

/** What a count found out about the orphans of one relation. */
export interface OrphanCount {
  readonly rows: number;
  /** Orphans whose key is a placeholder: 0, -1, the empty string, the nil uuid, the column's own default. */
  readonly sentinelRows: number;
  /** The placeholders themselves, each with the number of its orphans. */
  readonly sentinels: readonly { readonly value: string; readonly rows: number }[];
  /**
   * The rows of the child's table; counted only as far as it takes to know that they are enough for the limits, and
   * not at all (0) where no limit asks for it. What the limits refuse has been counted to the end.
   */
  readonly childRows: number;
  readonly parentIsEmpty: boolean;
  /** Text forms of some keys; empty unless asked for. */
  readonly samples: readonly string[];
}

/** Why a relation's rows were not looked at. `trusted`: a validated, enforced key proves that there are no orphans. */
export type NotMeasured =
  | 'trusted'
  | 'missing-table'
  | 'missing-column'
  | 'not-a-table'
  | 'inheritance'
  | 'unreadable'
  | 'row-security'
  | 'type-mismatch'
  /** A live key has a PERIOD: its children are covered by parents, not equal to one. */
  | 'temporal'
  | 'contradictory-models'
  | 'foreign-key-on-primary-key'
  | 'deferred';

/** Whether a list of columns could be a key: what a unique index would stumble over. */
export interface KeyQuality {
  readonly nullRows: number;
  readonly duplicateKeys: number;
  readonly samples: readonly string[];
}

/** A partition of a relation's child, with the keys on the relation's columns that are its own and not its whole's. */
export interface PairedPartition {
  readonly table: Table;
  readonly keys: readonly ForeignKey[];
  /** Its own partitions, when it is partitioned itself. */
  readonly parts: readonly PairedPartition[];
}

/** What one place in the models says about a relation's parent. */
export interface ParentClaim {
  readonly text: string;
  readonly parent: TableName;
  readonly column?: string;
}

/** One relation beside what the database has for it. */
export interface PairedRelation {
  readonly relation: WantedRelation;
  readonly childName: TableName;
  readonly parentName: TableName;
  readonly child?: Table;
  readonly parent?: Table;
  /** A unique index of the parent that a key can rest on: partial, deferrable and invalid ones do not count (42830). */
  readonly target?: UniqueIndex;
  /** The key that says exactly what is wanted, a validated one first. */
  readonly holder?: ForeignKey;
  /** Every other key on the same columns that points at the same parent; any other key where none does. */
  readonly rivals: readonly ForeignKey[];
  /** Keys on the same columns that point somewhere else beside those that do not: a second meaning, not a left-over. */
  readonly elsewhere: readonly ForeignKey[];
  /** Of a partitioned child; absent where the child is none. */
  readonly partitions?: readonly PairedPartition[];
  /** What each place says about the parent, when they contradict each other; empty where they do not. */
  readonly claims: readonly ParentClaim[];
  /** Of these, the parents that the key would not point at; the same table when only the column is another one. */
  readonly otherParents: readonly TableName[];
  /** True when a `hasMany` takes the child's whole primary key for its foreign key. */
  readonly wrongWay: boolean;
  /** The name of its key, should one have to be made. */
  readonly newKeyName: string;
}

/** One model's table beside the database's. */
export interface PairedTable {
  readonly model: ModelTable;
  readonly name: TableName;
  readonly table?: Table;
}

/** The models beside the catalog; no row has been looked at. */
export interface Pairs {
  readonly catalog: Catalog;
  readonly relations: readonly PairedRelation[];
  readonly tables: readonly PairedTable[];
  /** Keys on the models' tables that no model declares. */
  readonly unclaimed: readonly ForeignKey[];
}

/** The parents that a relation's orphans miss, as the option `createParent` makes them. */
export interface MissingParents {
  readonly parents: readonly MissingParent[];
  /** `schema.table.trigger` of what an application wrote to run when a row is inserted there. */
  readonly insertHooks: readonly string[];
}

/** A relation with what its rows say: the count, or why there is none. */
export interface MeasuredRelation extends PairedRelation {
  readonly orphans: OrphanCount | NotMeasured;
  /** Of the parent's columns, when they have no usable unique index. */
  readonly targetQuality?: KeyQuality;
  /** When there is one, `orphans` are those that there would be after the conversion, if it can be made. */
  readonly mismatch?: TypeMismatch;
  /** Only for relations with orphans and the option `createParent`. */
  readonly missingParents?: MissingParents;
  /** Why an option of the relation cannot be carried out with the rows that are there. */
  readonly unusable?: string;
}

/** A model's table; with the quality of its primary key's columns when the key is missing. */
export interface MeasuredTable extends PairedTable {
  readonly keyQuality?: KeyQuality;
}

/** A composite key, and the rows that it does not look at because they are null in a part of it. */
export interface HalfNullKey extends PartialKey {
  readonly rows: number;
  /** Text forms of some keys; empty unless asked for. */
  readonly samples: readonly string[];
}

/** Everything that the rules look at. */
export interface Snapshot extends Pairs {
  readonly relations: readonly MeasuredRelation[];
  readonly tables: readonly MeasuredTable[];
  /** Counted only where rows are looked at. */
  readonly halfNull: readonly HalfNullKey[];
  /** Relations that are nobody's business now, and whose rows must not be orphaned. */
  readonly bystanders: readonly PairedRelation[];
  /** Associations whose authors want no key, beside what there could be one between. */
  readonly unconstrained: readonly PairedRelation[];
}
