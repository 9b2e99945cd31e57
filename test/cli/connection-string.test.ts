import { chooseUrl, refuseBesideSequelize, requirePostgres } from '../../src/cli/connection-string';
import type { SequelizeLike } from '../../src/model/sequelize-like';
import { thrown } from './thrown';

describe('which connection string', () => {
  const env = { FK_GUARD_DATABASE_URL: 'postgres://own', DATABASE_URL: 'postgres://app' };

  it.each([
    ['the flag first', 'postgres://flag', env, 'postgres://file', { url: 'postgres://flag', from: '--url' }],
    [
      'then its own variable',
      undefined,
      env,
      'postgres://file',
      { url: 'postgres://own', from: 'FK_GUARD_DATABASE_URL' },
    ],
    [
      'then the configuration',
      undefined,
      { DATABASE_URL: 'postgres://app' },
      'postgres://file',
      { url: 'postgres://file', from: 'the configuration' },
    ],
    [
      "then the application's variable",
      undefined,
      env,
      undefined,
      { url: 'postgres://own', from: 'FK_GUARD_DATABASE_URL' },
    ],
    [
      "the application's variable last",
      undefined,
      { DATABASE_URL: 'postgres://app' },
      undefined,
      { url: 'postgres://app', from: 'DATABASE_URL' },
    ],
    [
      'an empty variable is none',
      undefined,
      { FK_GUARD_DATABASE_URL: '', DATABASE_URL: '' },
      undefined,
      undefined,
    ],
  ])('%s', (_, flag, environment, configured, chosen) => {
    expect(chooseUrl(flag, environment, configured)).toEqual(chosen);
  });
});

describe('a connection string that cannot be used', () => {
  it.each([
    ['--url', 64, 'USAGE'],
    ['FK_GUARD_DATABASE_URL', undefined, 'CONFIG'],
  ] as const)('in %s is refused without repeating it', (from, exitCode, code) => {
    for (const url of ['', 'localhost/x', 'postgres://u:s3cret@', 'postgres://u:s3cret@h:port/x']) {
      expect(thrown(() => requirePostgres({ url, from }))).toMatchObject({
        code,
        ...(exitCode && { exitCode }),
        message: `The connection string in ${from} is not a PostgreSQL address.`,
      });
    }
  });

  it('of another database system is unsupported', () => {
    expect(thrown(() => requirePostgres({ url: 'mysql://u:s3cret@h/x', from: '--url' }))).toMatchObject({
      code: 'UNSUPPORTED_DIALECT',
      message: 'The connection string in --url begins with mysql://; only PostgreSQL is supported.',
    });
  });

  it.each(['postgres://u:p@h:5432/x', 'postgresql:///x?host=/var/run/postgresql'])('%s is fine', (url) => {
    expect(() => requirePostgres({ url, from: '--url' })).not.toThrow();
  });
});

describe('beside a Sequelize instance', () => {
  const instance = (config: object) => ({ connectionManager: { config } }) as SequelizeLike;
  const sequelize = instance({ host: 'db', port: 5433, database: 'shop' });

  it('--url is wrong usage', () => {
    expect(
      thrown(() => refuseBesideSequelize({ url: 'postgres://db:5433/shop', from: '--url' }, sequelize)),
    ).toMatchObject({
      exitCode: 64,
      message: '--url cannot replace the connection of the Sequelize instance in the configuration.',
    });
  });

  it.each(['postgres://db/shop', 'postgres://db:5433/other', 'postgres://elsewhere:5433/shop', 'nonsense'])(
    'FK_GUARD_DATABASE_URL is refused when it means something else: %s',
    (url) => {
      expect(
        thrown(() => refuseBesideSequelize({ url, from: 'FK_GUARD_DATABASE_URL' }, sequelize)),
      ).toMatchObject({ code: 'CONFIG' });
    },
  );

  it.each([
    ['postgres://u:p@db:5433/shop', { host: 'db', port: '5433', database: 'shop' }],
    ['postgres://localhost/shop', { database: 'shop' }],
  ])('FK_GUARD_DATABASE_URL may say the same: %s', (url, config) => {
    expect(() =>
      refuseBesideSequelize({ url, from: 'FK_GUARD_DATABASE_URL' }, instance(config)),
    ).not.toThrow();
  });

  it("the application's own DATABASE_URL is the application's business", () => {
    expect(() =>
      refuseBesideSequelize({ url: 'postgres://any', from: 'DATABASE_URL' }, sequelize),
    ).not.toThrow();
  });
});
