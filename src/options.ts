import type { RowLimits } from './changes/change';
import type { ReferentialAction } from './schema';

export type Mode = 'repair' | 'check';
export type OnDeletePolicy = 'explicit' | 'models' | 'CASCADE';
export type OrphanPolicy = 'auto' | 'delete' | 'nullify' | 'keep';

/** Where progress and warnings go; the shape of pino and of `console`. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** What one relation does differently from the rest. */
export interface RelationOptions {
  /** Enforced for this relation, whatever the models say. */
  readonly onDelete?: ReferentialAction;
  /** What happens to this relation's orphans. */
  readonly orphans?: OrphanPolicy;
  /** True for rows that may be thrown away, such as sessions: their orphans are deleted. */
  readonly disposable?: boolean;
  /** The reason, for whoever reads the configuration next year. */
  readonly because?: string;
}

/** A table or model that the guard leaves alone. */
export type Exclusion = string | { readonly pattern: string; readonly because: string };

/** Options of `installFkGuard`, `createGuard` and `fkGuardMigration`. Every one may be left out. */
export interface FkGuardOptions {
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
  /** Models or tables to leave alone, as globs over `Model`, `table` or `schema.table`. */
  readonly exclude?: readonly Exclusion[];
  /** The circuit breaker, for each table. @defaultValue { rows: 10, fraction: 0.2 } */
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
  /** For every statement of the guard; '0' means none. @defaultValue '0' */
  readonly statementTimeout?: string;
  /** How long to wait for another guard that is at work. @defaultValue '5m' */
  readonly waitTimeout?: string;
  /** Rows in one transaction of a clean-up. `auto` aims at 50 ms. @defaultValue 'auto' */
  readonly batchSize?: number | 'auto';
  /**
   * For applications that call `Model.sync()` of several models at once, as Auth.js's adapter does: such calls run one
   * after the other, parents first. @defaultValue false
   */
  readonly serializeModelSync?: boolean;
  /** `throw` turns findings of severity error into an exception of the hook. @defaultValue 'log' */
  readonly onFindings?: 'log' | 'throw';
  readonly logger?: Logger;
}

/** Options with every default filled in; durations are milliseconds. */
export interface Settings {
  readonly mode: Mode;
  readonly startupBudget: number;
  readonly onDelete: OnDeletePolicy;
  readonly orphans: OrphanPolicy;
  readonly relations: Readonly<Record<string, RelationOptions>>;
  readonly exclude: readonly { readonly pattern: string; readonly because?: string }[];
  readonly limits: RowLimits;
  readonly fence: boolean;
  readonly indexes: 'create' | 'report';
  readonly scan: 'needed' | 'all';
  readonly sampleKeys: number;
  readonly triggers: readonly string[];
  readonly quarantine: { readonly schema: string; readonly keepRows: boolean };
  readonly lockTimeout: number;
  readonly lockBudget: number;
  readonly statementTimeout: number;
  readonly waitTimeout: number;
  readonly batchSize: number | 'auto';
  readonly serializeModelSync: boolean;
  readonly onFindings: 'log' | 'throw';
  readonly logger?: Logger;
}
