import type { Right } from '../rights';
import type { Operator, ReferentialAction, TableName } from '../schema';

/** A column of `pg_attribute`. */
export interface Column {
  readonly name: string;
  /** `format_type`, such as `character varying(36)`. */
  readonly type: string;
  readonly notNull: boolean;
  /** `always` columns refuse values; `stored` and `virtual` are computed. */
  readonly generated: 'no' | 'stored' | 'virtual';
  readonly identity: 'no' | 'always' | 'by default';
  /** The type's own equality operator, for comparisons where no index names one. */
  readonly equality: Operator;
}

/** A unique index of `pg_index`. */
export interface UniqueIndex {
  readonly name: string;
  /** Column names in index order; an expression stands as an empty string. */
  readonly columns: readonly string[];
  readonly primary: boolean;
  /** The constraint that owns the index, if one does. */
  readonly constraint?: string;
  readonly valid: boolean;
  /** The name of the index on the partitioned table that this one is a part of. */
  readonly partOf?: string;
  readonly partial: boolean;
  readonly deferrable: boolean;
  /** Equality operator of each column's operator class. */
  readonly equality: readonly Operator[];
}

/** An index of `pg_index`, unique or not, with what it takes to tell whether rows can be found by it. */
export interface Index {
  readonly name: string;
  /** Column names in index order; an expression, or a column under another collation, stands as an empty string. */
  readonly columns: readonly string[];
  readonly unique: boolean;
  /** False when a failed or running `create index concurrently` has it unfinished, or partitions lack their part. */
  readonly valid: boolean;
  /** True when it can find every row of a key that begins like it: btree or hash, and no row with a value is left out. */
  readonly searchable: boolean;
  /** True when something rests on it: a constraint, an index of the partitioned table, the replica identity. */
  readonly needed: boolean;
  /** True when it is not valid and another session is building an index of the table. */
  readonly building: boolean;
}

/** A table, view or foreign table of `pg_class`. */
export interface Table {
  readonly oid: number;
  readonly name: TableName;
  readonly kind: 'table' | 'partitioned table' | 'view' | 'materialized view' | 'foreign table';
  readonly columns: readonly Column[];
  readonly uniqueIndexes: readonly UniqueIndex[];
  /** All indexes, unique or not. */
  readonly indexes: readonly Index[];
  /** The name of the table that this one is a partition of. */
  readonly partitionOf?: TableName;
  /** What a partitioned table is partitioned by; an expression stands as an empty string. */
  readonly partitionKey?: readonly string[];
  /** True when one of its partitions, at any depth, is a foreign table. */
  readonly foreignPartitions?: true;
  /** True when it has plain inheritance children (not partitions): a key then sees only the parent's own rows. */
  readonly inherited: boolean;
  /** True when a row security policy applies to the connected role. */
  readonly rowSecurity: boolean;
  /** True when a subscription of this database fills it (logical replication). */
  readonly subscribed?: true;
  /** `reltuples`; -1 when never analysed. */
  readonly estimatedRows: number;
  /** User triggers that fire on DELETE or UPDATE. */
  readonly triggers: readonly UserTrigger[];
  /** Rewrite rules on DELETE or UPDATE. */
  readonly rules: readonly string[];
  /** What the connected role may do; superusers may do everything. */
  readonly may: { readonly own: boolean; readonly select: boolean; readonly lock: boolean };
  readonly owner: string;
  /** What it may not, right by right; those of the schema are not counted twice. */
  readonly lacks: readonly Right[];
  /** Sequences of its columns that it may not take numbers from. */
  readonly closedSequences?: readonly TableName[];
  /** Names of all constraints on the table, so that a new name can be free. */
  readonly constraints: readonly string[];
}

/** A trigger that an application wrote, as opposed to the ones that PostgreSQL makes for keys. */
export interface UserTrigger {
  readonly name: string;
  readonly events: readonly ('DELETE' | 'UPDATE')[];
}

/** A foreign key of `pg_constraint`. */
export interface ForeignKey {
  readonly oid: number;
  readonly name: string;
  readonly child: TableName;
  readonly childColumns: readonly string[];
  readonly parent: TableName;
  readonly parentColumns: readonly string[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  /** The columns that SET NULL or SET DEFAULT changes, where it is not all of them (`confdelsetcols`, PostgreSQL 15). */
  readonly setColumns?: readonly string[];
  /** MATCH FULL: no column of the key may be null unless all are. */
  readonly matchFull?: true;
  /** The last column is a PERIOD (PostgreSQL 18): it is covered by parents, not equal to one. */
  readonly temporal?: true;
  readonly validated: boolean;
  /** False only for `NOT ENFORCED` keys (PostgreSQL 18). */
  readonly enforced: boolean;
  readonly deferrable: boolean;
  readonly initiallyDeferred: boolean;
  /** `conparentid <> 0`: it belongs to a key on a partitioned table and cannot be changed alone. */
  readonly inherited: boolean;
  /** False when one of its triggers is disabled: the key is "valid" and yet not enforced. */
  readonly triggersEnabled: boolean;
  /** `conpfeqop`, one for each column. */
  readonly equality: readonly Operator[];
  /** `pg_get_constraintdef`. */
  readonly definition: string;
}

/** The server and the session that was asked. */
export interface Server {
  /** `server_version_num`, such as 180004. */
  readonly version: number;
  readonly database: string;
  readonly role: string;
  readonly inRecovery: boolean;
  /** `current_schemas(false)`: where unqualified names are looked for, first match wins. */
  readonly searchPath: readonly string[];
  /** True when the role may create schemas in this database. */
  readonly mayCreateSchema: boolean;
}

/** What the catalog holds outside of PostgreSQL's own schemas. */
export interface Catalog {
  readonly server: Server;
  readonly tables: readonly Table[];
  readonly foreignKeys: readonly ForeignKey[];
}
