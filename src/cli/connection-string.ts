import { FkGuardError } from '../errors';
import type { SequelizeLike } from '../model/sequelize-like';
import { CliError } from './cli-error';
import { EXIT } from './exit-codes';

/** A connection string and who gave it, so that an error can name the place. */
export interface ConnectionString {
  readonly url: string;
  readonly from: '--url' | 'FK_GUARD_DATABASE_URL' | 'DATABASE_URL' | 'the configuration';
}

/** The flag, then `FK_GUARD_DATABASE_URL`, then the configuration, then the application's own `DATABASE_URL`. */
export function chooseUrl(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  configured: string | undefined,
): ConnectionString | undefined {
  const candidates = [
    { url: flag, from: '--url' },
    { url: env['FK_GUARD_DATABASE_URL'], from: 'FK_GUARD_DATABASE_URL' },
    { url: configured, from: 'the configuration' },
    { url: env['DATABASE_URL'], from: 'DATABASE_URL' },
  ] as const;
  for (const { url, from } of candidates)
    if (url !== undefined && (url !== '' || from === '--url')) return { url, from };
  return undefined;
}

/** Throws when the text is not a connection string of PostgreSQL; never repeats it, because it holds a password. */
export function requirePostgres({ url, from }: ConnectionString): void {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  if (scheme !== undefined && !['postgres', 'postgresql'].includes(scheme)) {
    throw new FkGuardError(
      'UNSUPPORTED_DIALECT',
      `The connection string in ${from} begins with ${scheme}://; only PostgreSQL is supported.`,
      FORM,
    );
  }
  if (scheme !== undefined && URL.canParse(url)) return;
  throw misplaced(from, `The connection string in ${from} is not a PostgreSQL address.`, FORM);
}

const FORM =
  'Write it as postgres://user:password@host:5432/database, with special characters percent-encoded.';

/**
 * A Sequelize instance brings its own connection, which a connection string cannot replace. Throws when one was given
 * that says something else, because a run against another database than the one that was meant must not happen.
 */
export function refuseBesideSequelize(chosen: ConnectionString | undefined, sequelize: SequelizeLike): void {
  if (chosen === undefined || chosen.from === 'DATABASE_URL') return;
  if (chosen.from === 'FK_GUARD_DATABASE_URL' && namesDatabaseOf(chosen.url, sequelize)) return;
  const advice =
    'Leave it out, and tell the models themselves which database to use (often through DATABASE_URL).';
  throw misplaced(
    chosen.from,
    `${chosen.from} cannot replace the connection of the Sequelize instance in the configuration.`,
    advice,
  );
}

function namesDatabaseOf(url: string, sequelize: SequelizeLike): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname, port, pathname } = new URL(url);
  const config: { readonly host?: string; readonly port?: string | number; readonly database?: string } =
    sequelize.connectionManager.config;
  return (
    hostname === (config.host ?? 'localhost') &&
    (port || '5432') === String(config.port ?? 5432) &&
    decodeURIComponent(pathname.slice(1)) === config.database
  );
}

function misplaced(from: ConnectionString['from'], message: string, advice: string): Error {
  return from === '--url'
    ? new CliError('USAGE', EXIT.usage, message, advice)
    : new FkGuardError('CONFIG', message, advice);
}
