/** What BookNexus reads from its environment. */
export interface Config {
  readonly databaseUrl: string;
  readonly port: number;
  /** How long it is still open for new requests after it was told to end, so that a balancer sees that first. */
  readonly drainDelayMs: number;
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
  return {
    databaseUrl: databaseUrl(environment),
    port: wholeNumber(environment, 'PORT', '3000', 65_535, 'a port number from 0 to 65535'),
    drainDelayMs: wholeNumber(environment, 'DRAIN_DELAY_MS', '1000', 60_000, 'a number from 0 to 60000'),
  };
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

function wholeNumber(
  environment: Environment,
  name: string,
  usual: string,
  most: number,
  what: string,
): number {
  const value = environment[name] || usual;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > most) throw new ConfigError(`${name} is not ${what}`);
  return number;
}
