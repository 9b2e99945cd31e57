import { parseOptions } from '../src/parse-options';
import { thrown } from './cli/thrown';

const url = 'postgres://user:sesame@server/d';

test('stands in the options, else in the environment; an empty variable is none', () => {
  const env = { FK_GUARD_DIRECT_URL: 'postgres://env/d' };
  expect(parseOptions({ directUrl: url }, env).directUrl).toBe(url);
  expect(parseOptions({}, env).directUrl).toBe('postgres://env/d');
  expect(parseOptions(undefined, env).directUrl).toBe('postgres://env/d');
  expect(parseOptions({}, { FK_GUARD_DIRECT_URL: '' })).not.toHaveProperty('directUrl');
});

test.each([
  [''],
  ['user:sesame@server'],
  ['mysql://user:sesame@server/d'],
  ['postgres://user:sesame@[/d'],
  [7],
])('is no connection string: %j, which is not repeated', (directUrl) => {
  const error = thrown(() => parseOptions({ directUrl }, {}));
  expect(error).toMatchObject({
    code: 'OPTIONS',
    message: expect.stringContaining('"directUrl" must be a connection string') as string,
  });
  expect(JSON.stringify(error) + String(error)).not.toContain('sesame');
});
