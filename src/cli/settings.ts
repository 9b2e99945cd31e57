import { randomUUID } from 'node:crypto';
import { milliseconds } from '../duration';
import { FkGuardError } from '../errors';
import type { Exclusion, FkGuardOptions, Logger } from '../options';
import type { ScriptSettings } from '../script/settings';
import type { Flags } from './flags';
import { tool } from './tool';

type Environment = Readonly<Record<string, string | undefined>>;

/** The configuration's options with the flags over them. What the configuration wrote wrongly stays, for the library to name. */
export function mergeOptions(
  configured: unknown,
  flags: Partial<Flags>,
  env: Environment = {},
): FkGuardOptions {
  if (
    configured !== undefined &&
    (typeof configured !== 'object' || configured === null || Array.isArray(configured))
  ) {
    throw new FkGuardError(
      'OPTIONS',
      'Invalid options: "options" must be an object.',
      'Write "options" as { onDelete, orphans, … }.',
    );
  }
  const options = (configured ?? {}) as FkGuardOptions;
  return {
    ...options,
    // Findings are the result of a command here, never an exception; its progress comes from events.
    onFindings: 'log',
    logger: options.logger ?? SILENT,
    ...(flags.onDelete !== undefined && { onDelete: flags.onDelete }),
    ...(flags.onOrphan !== undefined && { orphans: flags.onOrphan }),
    ...(flags.lockTimeout !== undefined && { lockTimeout: flags.lockTimeout }),
    ...(flags.maxRunTime !== undefined && { maxRunTime: flags.maxRunTime }),
    ...(flags.maxRunRows !== undefined && { maxRunRows: flags.maxRunRows }),
    ...(flags.maxLag !== undefined && { maxLag: flags.maxLag }),
    ...(flags.sentinelFile !== undefined && {
      sentinel: { ...options.sentinel, file: flags.sentinelFile },
    }),
    ...(flags.indexes !== undefined && { indexes: flags.indexes }),
    ...(flags.deep && { scan: 'all' }),
    ...(flags.sampleKeys !== undefined && { sampleKeys: flags.sampleKeys }),
    ...(flags.include !== undefined && { include: flags.include }),
    ...(Array.isArray(flags.schema) && { include: flags.schema.map((schema) => `${schema}.*`) }),
    ...(flags.exclude !== undefined && { exclude: [...listOf(options.exclude), ...flags.exclude] }),
    ...directUrlOf(flags, env),
    ...limitsOf(options, flags),
  };
}

const nothing = (): void => undefined;
const SILENT: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

function directUrlOf({ directUrl }: Partial<Flags>, env: Environment): FkGuardOptions {
  const chosen = directUrl ?? (env['FK_GUARD_DIRECT_URL'] || undefined);
  return chosen === undefined ? {} : { directUrl: chosen };
}

// A value that is no list is kept, so that the library can say that it is wrong.
const listOf = (exclude: unknown): readonly Exclusion[] =>
  exclude === undefined ? [] : isList(exclude) ? exclude : [exclude as string];

const isList = (value: unknown): value is readonly Exclusion[] => Array.isArray(value);

function limitsOf(
  { limits }: FkGuardOptions,
  { force, maxRows, maxFraction }: Partial<Flags>,
): FkGuardOptions {
  if (force) return { limits: { rows: Number.MAX_SAFE_INTEGER, fraction: 1 } };
  if (maxRows === undefined && maxFraction === undefined) return {};
  return {
    limits: {
      ...limits,
      ...(maxRows !== undefined && { rows: maxRows }),
      ...(maxFraction !== undefined && { fraction: maxFraction }),
    },
  };
}

/** The schema of the quarantine, for messages; absent when no copies are kept. */
export function quarantineSchemaOf({ quarantine }: FkGuardOptions): string | undefined {
  return quarantine === false ? undefined : (quarantine?.schema ?? 'fk_guard');
}

/** What a script waits for a lock where nobody says how long: a person runs it, and nobody tries again. */
const PATIENCE = 2_000;

/** What `plan --format sql` rests on; the options were judged when the guard was made. */
export const scriptSettings = (options: FkGuardOptions): ScriptSettings => ({
  tool,
  runId: randomUUID(),
  schema: quarantineSchemaOf(options) ?? 'fk_guard',
  keepsRows: options.quarantine !== false,
  lockTimeoutMs: milliseconds(options.lockTimeout ?? '') ?? PATIENCE,
});
