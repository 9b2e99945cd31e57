import { ConfigError, readConfig } from '../../app/config';

const databaseUrl = 'postgres://reader:secret@localhost/booknexus';

test('reads DATABASE_URL, PORT and DRAIN_DELAY_MS, and has a port and a delay of its own', () => {
  expect(readConfig({ DATABASE_URL: databaseUrl, PORT: '8080', DRAIN_DELAY_MS: '0' })).toEqual({
    databaseUrl,
    port: 8080,
    drainDelayMs: 0,
  });
  expect(readConfig({ DATABASE_URL: databaseUrl })).toEqual({ databaseUrl, port: 3000, drainDelayMs: 1000 });
  expect(readConfig({ DATABASE_URL: 'postgresql:///booknexus' }).databaseUrl).toBe('postgresql:///booknexus');
});

test.each([
  ['DATABASE_URL', {}],
  ['DATABASE_URL', { DATABASE_URL: '' }],
  ['DATABASE_URL', { DATABASE_URL: 'mysql://reader:secret@localhost/booknexus' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://reader:secret@localhost/' }],
  ['DATABASE_URL', { DATABASE_URL: 'reader:secret' }],
  ['PORT', { DATABASE_URL: databaseUrl, PORT: 'http' }],
  ['PORT', { DATABASE_URL: databaseUrl, PORT: '65536' }],
  ['DRAIN_DELAY_MS', { DATABASE_URL: databaseUrl, DRAIN_DELAY_MS: '1s' }],
])('names %s when it cannot use %j, and shows no value', (variable, environment) => {
  const read = (): unknown => readConfig(environment);
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(new RegExp(`^${variable} is not `));
  expect(read).not.toThrow(/secret/);
});
