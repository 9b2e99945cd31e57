import type { RowLimits } from './changes/change';
import type { ReferentialAction, TableName } from './schema';
import type { TenantOptions, TenantSettings } from './tenants/options';

/** Whether a guard may write: `repair` does what the policy allows, `check` only looks. */
export type Mode = 'repair' | 'check';
/** Whose ON DELETE is enforced: what an author wrote, what Sequelize resolves, or CASCADE where nothing is written. */
export type OnDeletePolicy = 'explicit' | 'models' | 'CASCADE';
/** What happens to rows whose parent is gone; `auto` follows the action that is enforced. */
export type OrphanPolicy = 'auto' | 'delete' | 'nullify' | 'keep';

/** Where progress and warnings go; the shape of pino and of `console`. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** One value of a key. */
export type KeyPart = string | number | bigint | boolean;

/** The key of one parent: a value, or for a composite key a list in the relation's order or an object of the parent's columns. */
export type ParentKey = KeyPart | readonly KeyPart[] | Readonly<Record<string, KeyPart>>;

/**
 * Gives the values of one missing parent's row, by the names of its columns. `key` has the text forms of its key's
 * columns, which are filled in by themselves; columns that are left out get their default.
 */
export type CreateParent = (
  key: Readonly<Record<string, string>>,
) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>;

/** What one relation does differently from the rest. */
export interface RelationOptions {
  /** Enforced for this relation, whatever the models say. */
  readonly onDelete?: ReferentialAction;
  /** What happens to this relation's orphans. */
  readonly orphans?: OrphanPolicy;
  /** True for rows that may be thrown away, such as sessions: their orphans are deleted. */
  readonly disposable?: boolean;
  /** `using`: a query of two columns, an old value and the parent's key that takes its place, for keys of another type. */
  readonly remap?: { readonly using: string };
  /** Its orphans get this parent, which has to exist. */
  readonly reparent?: ParentKey;
  /** Makes the parents that its orphans miss; nothing is made up that this function does not say. */
  readonly createParent?: CreateParent;
  /** The reason, for whoever reads the configuration next year. */
  readonly because?: string;
}

/** A table or model that the guard leaves alone. */
export type Exclusion = string | { readonly pattern: string; readonly because: string };

/** Options of `installFkGuard`, `createGuard` and `fkGuardMigration`. Every one may be left out. */
export interface FkGuardOptions extends TenantOptions {
  /** `check` never writes anything. `FK_GUARD_MODE=off|check|repair` wins over it. @defaultValue 'repair' */
  readonly mode?: Mode;
  /** How long the hook may hold up the start of the application. @defaultValue '60s' */
  readonly startupBudget?: string;
  /** Whose ON DELETE is enforced, see docs/policy.md. @defaultValue 'explicit' */
  readonly onDelete?: OnDeletePolicy;
  /** What happens to rows whose parent is gone. @defaultValue 'auto' */
  readonly orphans?: OrphanPolicy;
  /** Exceptions for single relations, under `Model.attribute`. */
  readonly relations?: Readonly<Record<string, RelationOptions>>;
  /** Models or tables to look at, and no others, as globs like those of `exclude`; a relation belongs to its child. */
  readonly include?: readonly string[];
  /** Models or tables to leave alone, as globs over `Model`, `table` or `schema.table`. */
  readonly exclude?: readonly Exclusion[];
  /** The circuit breaker, for each table. @defaultValue { rows: 10, fraction: 0.2, rewriteRows: 100000 } */
  readonly limits?: Partial<RowLimits>;
  /** Add a key NOT VALID even where its orphans must stay. @defaultValue false */
  readonly fence?: boolean;
  /** `create` builds the indexes that keys with CASCADE or SET NULL lack, and drops invalid ones. @defaultValue 'report' */
  readonly indexes?: 'create' | 'report';
  /** `all` also counts orphans below keys that the catalog calls valid. @defaultValue 'needed' */
  readonly scan?: 'needed' | 'all';
  /** How many keys of orphans a finding shows; they may be personal data. @defaultValue 0 */
  readonly sampleKeys?: number;
  /** DELETE and UPDATE triggers that may fire during a clean-up, as `schema.table.trigger`. */
  readonly triggers?: readonly string[];
  /** Where the copies of removed rows are kept; `false` needs an explicit `orphans`. @defaultValue { schema: 'fk_guard' } */
  readonly quarantine?: { readonly schema?: string } | false;
  /** How long one try may wait for a lock. @defaultValue '100ms' */
  readonly lockTimeout?: string;
  /** How long all tries together may take. @defaultValue '30s' */
  readonly lockBudget?: string;
  /**
   * An address of the server itself, where the application connects through a pooler: for what is written. Has to lead
   * to the same database. `FK_GUARD_DIRECT_URL` stands in for it.
   */
  readonly directUrl?: string;
  /** For every statement of the guard; '0' means none. @defaultValue '0' */
  readonly statementTimeout?: string;
  /** How long to wait for another guard that is at work. @defaultValue '5m' */
  readonly waitTimeout?: string;
  /** Rows in one transaction of a clean-up. `auto` aims at 50 ms. @defaultValue 'auto' */
  readonly batchSize?: number | 'auto';
  /**
   * Holds a run up between two batches or steps while the file exists, or the table (`schema.table`) has a row. A
   * relative path starts at the working directory.
   */
  readonly sentinel?: { readonly file?: string; readonly table?: string };
  /** Holds a run up in the same way while a standby's replay is further behind than this. */
  readonly maxLag?: string;
  /** How long a run may take; then it ends between two batches or steps as `partial`, and the next one goes on. */
  readonly maxRunTime?: string;
  /** How many rows a run may remove or change, over all tables and cascades; what is left is for the next one. */
  readonly maxRunRows?: number;
  /** Calls of `Model.sync()` made at once, as by Auth.js's adapter, run one by one, parents first. @defaultValue false */
  readonly serializeModelSync?: boolean;
  /** `throw` turns findings of severity error into an exception of the hook. @defaultValue 'log' */
  readonly onFindings?: 'log' | 'throw';
  /** Where progress and findings are told. Without one, warnings and errors become warnings of the process. */
  readonly logger?: Logger;
}

/** Options with every default filled in; durations are milliseconds. */
export interface Settings extends TenantSettings {
  readonly mode: Mode;
  readonly startupBudget: number;
  readonly onDelete: OnDeletePolicy;
  readonly orphans: OrphanPolicy;
  readonly relations: Readonly<Record<string, RelationOptions>>;
  readonly include: readonly string[];
  readonly exclude: readonly { readonly pattern: string; readonly because?: string }[];
  readonly limits: RowLimits;
  readonly fence: boolean;
  readonly indexes: 'create' | 'report';
  readonly scan: 'needed' | 'all';
  readonly sampleKeys: number;
  readonly triggers: readonly string[];
  readonly quarantine: { readonly schema: string; readonly keepRows: boolean };
  readonly directUrl?: string;
  readonly lockTimeout: number;
  readonly lockBudget: number;
  readonly statementTimeout: number;
  readonly waitTimeout: number;
  readonly batchSize: number | 'auto';
  readonly sentinel?: { readonly file?: string; readonly table?: TableName };
  readonly maxLag?: number;
  readonly maxRunTime?: number;
  readonly maxRunRows?: number;
  readonly serializeModelSync: boolean;
  readonly onFindings: 'log' | 'throw';
  readonly logger?: Logger;
}
