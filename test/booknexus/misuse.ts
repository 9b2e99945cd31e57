/** A server that nobody runs, and a password that no output may show. */
export const UNREACHABLE = 'postgres://reader:secret@127.0.0.1:1/booknexus';

type Case = readonly [
  what: string,
  exit: number,
  environment: Record<string, string>,
  args: string[],
  line: RegExp,
];

/** What `npm run migrate:fix-fk` cannot work with: the exit code, and the one line that it says. */
export const MISUSE: readonly Case[] = [
  ['no DATABASE_URL', 78, {}, [], /^DATABASE_URL is not set.*\n$/],
  [
    'no PostgreSQL URL',
    78,
    { DATABASE_URL: 'mysql://reader:secret@localhost/x' },
    [],
    /^DATABASE_URL is not a PostgreSQL URL.*\n$/,
  ],
  ['a server that is down', 1, { DATABASE_URL: UNREACHABLE }, [], /^connect ECONNREFUSED 127\.0\.0\.1:1\n$/],
  [
    'no FK_GUARD_MODE that there is',
    78,
    { DATABASE_URL: UNREACHABLE, FK_GUARD_MODE: 'on' },
    [],
    /FK_GUARD_MODE is "on"/,
  ],
  ['an option that it does not have', 64, {}, ['--force'], /^Unknown option '--force'.*\n$/],
];
