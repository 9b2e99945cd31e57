import { FkGuardError } from '../errors';
import type { Exclusion, FkGuardOptions, Logger } from '../options';
import type { Flags } from './flags';

/** The configuration's options with the flags over them. What the configuration wrote wrongly stays, for the library to name. */
export function mergeOptions(configured: unknown, flags: Partial<Flags>): FkGuardOptions {
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
    ...(flags.exclude !== undefined && { exclude: [...listOf(options.exclude), ...flags.exclude] }),
    ...limitsOf(options, flags),
  };
}

const nothing = (): void => undefined;
const SILENT: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

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
