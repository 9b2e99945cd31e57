/** What BookNexus reads from its environment. */
export interface Config {
  readonly databaseUrl: string;
  readonly port: number;
}

/** EX_CONFIG of sysexits.h; pm2 does not start the app again after it. */
export const EXIT_CONFIG = 78;

/** The configuration is missing or wrong; the message says which variable and why, never its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The whole configuration. Throws `ConfigError`. */
export function readConfig(environment: Environment): Config {
  return { databaseUrl: databaseUrl(environment), port: port(environment) };
}

/** `DATABASE_URL`. Throws `ConfigError` when it is missing or no PostgreSQL URL. */
export function databaseUrl(environment: Environment): string {
  const url = environment['DATABASE_URL'];
  if (!url) {
    throw new ConfigError(
      'DATABASE_URL is not set. Set it, for example to postgres://user:password@localhost:5432/booknexus',
    );
  }
  const { protocol, pathname } = URL.canParse(url) ? new URL(url) : { protocol: '', pathname: '' };
  if (!/^postgres(ql)?:$/.test(protocol) || pathname.length < 2) {
    throw new ConfigError(
      'DATABASE_URL is not a PostgreSQL URL such as postgres://user:password@localhost:5432/booknexus',
    );
  }
  return url;
}

function port(environment: Environment): number {
  const value = environment['PORT'] || '3000';
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 65_535)
    throw new ConfigError('PORT is not a port number from 0 to 65535');
  return number;
}
