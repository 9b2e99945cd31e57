import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../src/cli/run';
import { checkoutsProject, damaged, foreignKeys, type Told } from './checkouts-project';
import { recordedIo } from './streams';

const shop = checkoutsProject();

describe('bad input is one clear line with advice, the right exit code, nothing written', () => {
  const secret = 's3cret-word';
  const withSecret = (change: (url: URL) => void): string => {
    const url = new URL(shop.database.url);
    url.username ||= 'somebody';
    url.password = secret;
    change(url);
    return url.href;
  };

  async function refusal(argv: readonly string[], told: Told = {}) {
    const { code, out, err } = await shop.fkGuard(argv, told);
    expect(out + err).not.toContain(secret);
    expect(err).not.toMatch(/\n\s+at /);
    expect(await shop.state()).toEqual(damaged);
    // `apply` shows its plan before.
    const [line = '', ...advice] = err.slice(err.indexOf('fk-guard: ')).trimEnd().split('\n');
    expect(advice.length).toBeGreaterThan(0);
    return { code, line, out };
  }

  it.each([
    ['an unknown option', { onDelet: 'CASCADE' }, /"onDelet" is not an option; did you mean "onDelete"\?/],
    ['a wrong value', { orphans: 'drop' }, /"orphans" must be one of "auto", "delete", "nullify", "keep"/],
    ['a wrong type', { limits: { rows: 'ten' } }, /"limits\.rows" must be a whole number from 0/],
    ['a wrong duration', { lockTimeout: '0' }, /"lockTimeout" must not be 0/],
    [
      'a relation that nobody has',
      { relations: { 'public.checkouts.userid': { orphans: 'keep' } } },
      /public\.checkouts\.userid.*public\.checkouts\.user_id/,
    ],
    ['options that are none', 'CASCADE', /Invalid options: "options" must be an object\./],
  ])('configuration: %s', async (_, options, message) => {
    shop.configure({ url: shop.database.url, foreignKeys, options });
    const { code, line } = await refusal(['apply', '--yes', '--accept-data-loss']);
    expect({ code, line }).toEqual({ code: 78, line: expect.stringMatching(message) as string });
  });

  it.each([
    ['no foreign keys', { url: 'postgres://h/d' }, /names a database and neither models nor foreign keys/],
    ['an empty list', { url: 'postgres://h/d', foreignKeys: [] }, /The list of foreign keys is empty/],
    [
      'a bad declaration',
      { url: 'postgres://h/d', foreignKeys: [{ child: 'a', parent: 'b(c)' }] },
      /foreignKeys\[0\]\.child is "a"/,
    ],
    ['no list', { url: 'postgres://h/d', foreignKeys: 'a(b)' }, /"foreignKeys" must be a list/],
    [
      'another database system',
      { url: 'mysql://u:s3cret-word@h/d', foreignKeys },
      /in the configuration begins with mysql:\/\//,
    ],
    [
      'no address',
      { url: 'u:s3cret-word@h/d', foreignKeys },
      /in the configuration is not a PostgreSQL address/,
    ],
    ['no database', { foreignKeys }, /declares foreign keys and no database/],
  ])('configuration: %s', async (_, config, message) => {
    shop.configure(config);
    const { code, line } = await refusal(['check']);
    expect({ code, line }).toEqual({ code: 78, line: expect.stringMatching(message) as string });
  });

  it('no configuration', async () => {
    shop.project.write({ 'elsewhere/package.json': '{}' });
    const cwd = join(shop.project.directory, 'elsewhere');
    const io = recordedIo({ cwd });
    expect(await run(['check'], io)).toBe(78);
    expect(io.err()).toMatch(
      /^fk-guard: No configuration was found from here upwards\.\n {2}Write fk-guard\.config\.ts/,
    );
    const withUrl = recordedIo({ cwd, env: { DATABASE_URL: withSecret(() => undefined) } });
    expect(await run(['check'], withUrl)).toBe(78);
    expect(withUrl.err()).toMatch(
      /^fk-guard: DATABASE_URL names a database, but no configuration names models/,
    );
  });

  it.each([
    [
      'a flag that is none',
      ['check', '--url', 'u:s3cret-word@h/d'],
      64,
      /^fk-guard: The connection string in --url is not a PostgreSQL address\.$/,
    ],
    [
      'a flag for another system',
      ['check', '--url=mysql://u:s3cret-word@h/d'],
      78,
      /--url begins with mysql:\/\//,
    ],
    ['an unknown flag', ['check', '--fix'], 64, /^fk-guard: unknown option '--fix'$/],
    [
      'no such configuration',
      ['check', '-c', 'nope.ts'],
      78,
      /^fk-guard: There is no configuration file .*nope\.ts\.$/,
    ],
    [
      'no such plan',
      ['apply', 'nope.json'],
      3,
      /^fk-guard: Cannot read .*nope\.json: no such file or directory\.$/,
    ],
    ['no such run', ['restore', '7f3a'], 1, /^fk-guard: There is no run 7f3a in the ledger\.$/],
    [
      'no place for the result',
      ['check', '--output', 'no/such/file'],
      1,
      /^fk-guard: Cannot write .*: no such file or directory$/,
    ],
  ])('%s', async (_, argv, code, message) => {
    const told = await refusal(argv);
    expect(told).toMatchObject({ code, line: expect.stringMatching(message) as string, out: '' });
  });

  it('server down', async () => {
    const { code, line } = await refusal(['check', '--url', withSecret((url) => (url.port = '1'))]);
    expect({ code, line }).toEqual({
      code: 1,
      line: expect.stringMatching(/^fk-guard: Cannot connect to .*ECONNREFUSED/) as string,
    });
  });

  it('database missing', async () => {
    const url = new URL(shop.database.url);
    url.pathname = '/no_such_database';
    const { code, line } = await refusal(['check'], { env: { FK_GUARD_DATABASE_URL: url.href } });
    expect({ code, line }).toEqual({
      code: 1,
      line: expect.stringMatching(
        /^fk-guard: Cannot connect to .*database "no_such_database" does not exist/,
      ) as string,
    });
  });

  it('wrong password, or a role that is not there', async () => {
    const url = withSecret((changed) => (changed.username = 'nobody_of_this_name'));
    const told = await refusal(['check', '--format', 'json', '--url', url]);
    expect(told).toMatchObject({
      code: 1,
      line: expect.stringMatching(/^fk-guard: Cannot connect to /) as string,
    });
    expect(JSON.parse(told.out)).toMatchObject({
      errors: [{ code: 'CONNECTION', advice: 'Check the user name and the password.' }],
    });
  });

  it('a role that may not alter', async () => {
    const role = await shop.database.createRole();
    await shop.database.query(`grant select on users, checkouts to "${role.name}"`);
    const { code, line } = await refusal([
      'apply',
      '--yes',
      '--accept-data-loss',
      '--output',
      'outcome.txt',
      '--url',
      role.url,
    ]);
    expect({ code, line }).toEqual({
      code: 1,
      line: expect.stringMatching(/^fk-guard: The role .* lacks: .*ownership of public\.checkouts/) as string,
    });
    expect(existsSync(join(shop.project.directory, 'outcome.txt'))).toBe(false);
    await shop.database.query(`drop owned by "${role.name}"`);
  });

  it('a configuration that is no JSON', async () => {
    shop.project.write({ 'own/fk-guard.config.json': '{' });
    const io = recordedIo({ cwd: join(shop.project.directory, 'own') });
    expect(await run(['check'], io)).toBe(78);
    expect(io.err()).toMatch(/^fk-guard: .*own\/fk-guard\.config\.json cannot be read as JSON\.\n/);
  });

  it('shows where it comes from only with --verbose', async () => {
    const { err } = await shop.fkGuard([
      'check',
      '--verbose',
      '--url',
      withSecret((url) => (url.port = '1')),
    ]);
    expect(err).toMatch(/\n\s+at /);
    expect(err).not.toContain(secret);
  });
});
