import { FkGuardError } from './errors';

/** A connection string, read. Throws `CONFIG` that never repeats it, because it may hold a password: Node's error does. */
export function addressOf(url: unknown): URL {
  if (typeof url === 'string' && URL.canParse(url)) return new URL(url);
  throw new FkGuardError(
    'CONFIG',
    'The connection string is not a PostgreSQL address.',
    'Write it as postgres://user:password@host:5432/database, with special characters percent-encoded.',
  );
}
