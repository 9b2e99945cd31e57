import * as v from 'valibot';
import type { RowLimits } from './changes/change';
import { FkGuardError } from './errors';
import { nearest } from './names';
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
  readonly scan: 'needed' | 'all';
  readonly sampleKeys: number;
  readonly triggers: readonly string[];
  readonly quarantine: { readonly schema: string; readonly keepRows: boolean };
  readonly lockTimeout: number;
  readonly lockBudget: number;
  readonly statementTimeout: number;
  readonly waitTimeout: number;
  readonly batchSize: number | 'auto';
  readonly onFindings: 'log' | 'throw';
  readonly logger?: Logger;
}

const actions = ['NO ACTION', 'RESTRICT', 'CASCADE', 'SET NULL', 'SET DEFAULT'] as const;
const orphanPolicies = ['auto', 'delete', 'nullify', 'keep'] as const;

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `'100ms'`, `'30s'`, `'5m'`, `'2h'`, `'30d'` or `'0'` in milliseconds; `undefined` when it is none of these. */
export function milliseconds(text: string): number | undefined {
  if (text === '0') return 0;
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)$/.exec(text.trim()) ?? [];
  return amount === undefined || unit === undefined ? undefined : Math.round(Number(amount) * (UNITS[unit] ?? NaN));
}

const duration = (fallback: string, least = 0) =>
  v.optional(
    v.pipe(
      v.string('must be a duration such as "30s"'),
      v.check((text) => milliseconds(text) !== undefined, 'must be a duration such as "100ms", "30s" or "5m"'),
      v.transform((text) => milliseconds(text) ?? 0),
      v.minValue(least, 'must not be 0: PostgreSQL reads 0 as "wait for ever"'),
    ),
    fallback,
  );

const oneOf = <const T extends readonly string[]>(values: T) =>
  v.picklist(values, `must be one of ${values.map((value) => `"${value}"`).join(', ')}`);

const wholeNumber = (least: number) =>
  v.pipe(v.number(`must be a whole number from ${least}`), v.integer(`must be a whole number from ${least}`), v.minValue(least, `must be a whole number from ${least}`));

const text = v.pipe(v.string('must be text'), v.nonEmpty('must not be empty'));

const relation = v.strictObject({
  onDelete: v.optional(oneOf(actions)),
  orphans: v.optional(oneOf(orphanPolicies)),
  disposable: v.optional(v.boolean('must be true or false')),
  because: v.optional(text),
});

const logger = v.custom<Logger>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    ['debug', 'info', 'warn', 'error'].every((level) => typeof Reflect.get(value, level) === 'function'),
  'must have the functions debug, info, warn and error',
);

const schema = v.strictObject({
  mode: v.optional(oneOf(['repair', 'check']), 'repair'),
  startupBudget: duration('60s', 1),
  onDelete: v.optional(oneOf(['explicit', 'models', 'CASCADE']), 'explicit'),
  orphans: v.optional(oneOf(orphanPolicies), 'auto'),
  relations: v.optional(v.record(v.string(), relation), {}),
  exclude: v.optional(
    v.array(v.union([v.pipe(text, v.transform((pattern) => ({ pattern }))), v.strictObject({ pattern: text, because: text })], 'must be a pattern or { pattern, because }')),
    [],
  ),
  limits: v.optional(
    v.strictObject({
      rows: v.optional(wholeNumber(0), 10),
      fraction: v.optional(v.pipe(v.number('must be a number from 0 to 1'), v.minValue(0, 'must be from 0 to 1'), v.maxValue(1, 'must be from 0 to 1')), 0.2),
    }),
    {},
  ),
  fence: v.optional(v.boolean('must be true or false'), false),
  scan: v.optional(oneOf(['needed', 'all']), 'needed'),
  sampleKeys: v.optional(wholeNumber(0), 0),
  triggers: v.optional(v.array(text), []),
  quarantine: v.optional(v.union([v.literal(false), v.strictObject({ schema: v.optional(text, 'fk_guard') })], 'must be { schema } or false'), {}),
  lockTimeout: duration('100ms', 1),
  lockBudget: duration('30s', 1),
  statementTimeout: duration('0'),
  waitTimeout: duration('5m', 1),
  batchSize: v.optional(v.union([wholeNumber(1), v.literal('auto')], 'must be "auto" or a whole number from 1'), 'auto'),
  onFindings: v.optional(oneOf(['log', 'throw']), 'log'),
  logger: v.optional(logger),
});

/** Turns what a user wrote into complete, frozen settings. Throws `OPTIONS` that names every wrong option at once. */
export function parseOptions(options: unknown, environment: Readonly<Record<string, string | undefined>>): Settings {
  const parsed = v.safeParse(schema, options ?? {});
  if (!parsed.success) throw invalid(parsed.issues.map(explain));
  const { quarantine, mode, ...rest } = parsed.output;
  if (quarantine === false && rest.orphans === 'auto') {
    throw invalid(['"quarantine: false" keeps no copy of removed rows, so it needs an explicit "orphans"']);
  }
  return Object.freeze({
    ...(rest as Omit<Settings, 'mode' | 'quarantine'>),
    mode: modeUnder(environmentMode(environment), mode),
    quarantine: quarantine === false ? { schema: 'fk_guard', keepRows: false } : { ...quarantine, keepRows: true },
  });
}

/** `FK_GUARD_MODE`, the switch for 3 a.m. */
export function environmentMode(environment: Readonly<Record<string, string | undefined>>): Mode | 'off' | undefined {
  const mode = environment['FK_GUARD_MODE'];
  if (mode === undefined || mode === '') return undefined;
  if (mode === 'off' || mode === 'check' || mode === 'repair') return mode;
  throw invalid([`FK_GUARD_MODE is "${mode}"; it must be off, check or repair`]);
}

/** Switched off means off for the hook; whoever asks by hand may still look. */
const modeUnder = (environment: Mode | 'off' | undefined, written: Mode): Mode => (environment === 'off' ? 'check' : (environment ?? written));

/** The error for options that cannot be used. */
export function invalid(problems: readonly string[]): FkGuardError {
  return new FkGuardError('OPTIONS', `Invalid options: ${problems.join('; ')}.`, 'Correct the options; nothing was read or written.');
}

const knownOptions = Object.keys(schema.entries);
const knownRelationOptions = Object.keys(relation.entries);

function explain(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? 'options';
  if (issue.type !== 'strict_object' || issue.expected !== 'never') return `"${path}" ${issue.message}`;
  const key = String(issue.path?.at(-1)?.key);
  const known = path.startsWith('relations.') ? knownRelationOptions : knownOptions;
  const suggestion = nearest(key, known);
  return `"${path}" is not an option${suggestion ? `; did you mean "${suggestion}"?` : ''}`;
}
