import { createGuard } from '../create-guard';
import { FkGuardError } from '../errors';
import type { FkGuard } from '../guard';
import type { ForeignKeyDeclaration } from '../model/declared-keys';
import type { SequelizeLike } from '../model/sequelize-like';
import type { FkGuardOptions } from '../options';
import type { ScriptSettings } from '../script/settings';
import { loadConfig, type Config } from './config';
import {
  chooseUrl,
  refuseBesideSequelize,
  requirePostgres,
  type ConnectionString,
} from './connection-string';
import { CONFIG_NAMES } from './find-config';
import type { Flags } from './flags';
import type { Io } from './io';
import type { Mask } from './mask';
import type { Sources } from './origin';
import { mergeOptions, quarantineSchemaOf, scriptSettings } from './settings';

/** A guard for what flags, environment and configuration say. */
export interface Opened {
  readonly guard: FkGuard;
  readonly quarantineSchema: string | undefined;
  /** Where what is wrong can be mended. */
  readonly sources: Sources;
  /** What `plan --format sql` rests on. */
  readonly script: ScriptSettings;
  readonly config: Config;
  /** The configuration's options with the flags over them. */
  readonly options: FkGuardOptions;
  /** The database that was asked for; absent where the Sequelize instance brings its own. */
  readonly chosen?: ConnectionString;
  /** Closes the application's own connections, which nobody else would. */
  close(): Promise<void>;
}

const URL_VARIABLES = ['FK_GUARD_DATABASE_URL', 'FK_GUARD_DIRECT_URL', 'DATABASE_URL'];

/** Finds the models or the declared keys and the database, and makes a guard for them; nothing is connected yet. */
export async function openGuard(flags: Flags, io: Io, mask: Mask): Promise<Opened> {
  for (const url of [flags.url, flags.directUrl, ...URL_VARIABLES.map((name) => io.env[name])])
    mask.learn(url ?? '');
  learnPassword(mask, io.env['PGPASSWORD']);
  const config = await loadConfig(flags, io.cwd);
  mask.learn(config?.url ?? '');
  if (config?.through !== undefined)
    io.stderr.write(`There is no fk-guard.config.*; the models are ${config.path}, by ${config.through}.\n`);
  const options = mergeOptions(config?.options, flags, io.env);
  if (typeof options.directUrl === 'string') mask.learn(options.directUrl);
  return config?.sequelize
    ? beside(config.sequelize, config, options, flags, io, mask)
    : declared(config, options, flags, io);
}

async function beside(
  sequelize: SequelizeLike,
  config: Config,
  options: FkGuardOptions,
  flags: Flags,
  io: Io,
  mask: Mask,
): Promise<Opened> {
  const close = (): Promise<void> => closeSequelize(sequelize);
  const { password } = sequelize.connectionManager.config as { readonly password?: unknown };
  learnPassword(mask, password);
  try {
    refuseBesideSequelize(chooseUrl(flags.url, io.env, undefined), sequelize);
    return {
      guard: createGuard({ sequelize }, options, io),
      quarantineSchema: quarantineSchemaOf(options),
      // Read when it is asked for: a model may be defined late.
      script: scriptSettings(options),
      sources: { config: config.path, models: sequelize.models },
      config,
      options,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function learnPassword(mask: Mask, password: unknown): void {
  if (typeof password === 'string') mask.learn(`postgres://x:${encodeURIComponent(password)}@x/x`);
}

function declared(config: Config | undefined, options: FkGuardOptions, flags: Flags, io: Io): Opened {
  const chosen = chooseUrl(flags.url, io.env, config?.url);
  if (config?.foreignKeys === undefined) throw nothingToCompare(config, chosen?.from);
  if (chosen === undefined) {
    throw new FkGuardError(
      'CONFIG',
      `${config.path} declares foreign keys and no database.`,
      'Add "url", or give --url or FK_GUARD_DATABASE_URL.',
    );
  }
  requirePostgres(chosen);
  // Whatever was written there, the library says what is wrong with it.
  const foreignKeys = config.foreignKeys as readonly ForeignKeyDeclaration[];
  const guard = createGuard({ url: chosen.url, foreignKeys }, options, io);
  return {
    guard,
    quarantineSchema: quarantineSchemaOf(options),
    script: scriptSettings(options),
    sources: { config: config.path, models: {} },
    config,
    options,
    chosen,
    close: () => Promise.resolve(),
  };
}

function nothingToCompare(config: Config | undefined, urlFrom: string | undefined): FkGuardError {
  const advice = `Write ${CONFIG_NAMES[0]} (or .js, .json, …) that exports { sequelize } or { url, foreignKeys: [{ child, parent }] }.`;
  if (config)
    return new FkGuardError(
      'NO_MODELS',
      `${config.path} names a database and neither models nor foreign keys: there is nothing to compare.`,
      advice,
    );
  if (urlFrom === undefined)
    return new FkGuardError('CONFIG', 'No configuration was found from here upwards.', advice);
  return new FkGuardError(
    'NO_MODELS',
    `${urlFrom} names a database, but no configuration names models or foreign keys: there is nothing to compare.`,
    advice,
  );
}

const PATIENCE = 2_000;

/** A connection that the application never gave back must not keep the command from ending. */
async function closeSequelize(sequelize: SequelizeLike): Promise<void> {
  const close: unknown = Reflect.get(sequelize, 'close');
  if (typeof close !== 'function') return;
  const closed = Promise.resolve(close.call(sequelize)).catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([closed, new Promise((resolve) => (timer = setTimeout(resolve, PATIENCE)))]);
  clearTimeout(timer);
}
