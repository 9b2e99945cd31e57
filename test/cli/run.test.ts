import Ajv2020 from 'ajv/dist/2020';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run } from '../../src/cli/run';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { createProject, type Project } from './program';
import { recordedIo } from './streams';

const foreignKeys = [{ child: 'public.checkouts(user_id)', parent: 'public.users(id)', onDelete: 'CASCADE' }];

let database: TestDatabase;
let project: Project;
beforeAll(async () => {
  database = await createDatabase('cli');
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.query(`
    drop schema if exists fk_guard cascade;
    drop table if exists checkouts, users;
    create table users (id integer primary key);
    create table checkouts (id integer primary key, user_id integer);
    create index checkouts_by_user on checkouts (user_id);
    insert into users select generate_series(1, 50);
    insert into checkouts select n, n from generate_series(1, 53) as n;`);
  project = createProject({ 'fk-guard.config.json': JSON.stringify({ url: database.url, foreignKeys }) });
});
afterEach(() => project.remove());

interface Told {
  readonly env?: Readonly<Record<string, string>>;
  readonly answers?: readonly string[];
}

const schema = (name: string): object =>
  JSON.parse(readFileSync(resolve(__dirname, '../../docs/schemas', `${name}.schema.json`), 'utf8')) as object;

/** Runs the program in this process, without a terminal unless somebody answers. */
async function fkGuard(argv: readonly string[], told: Told = {}) {
  const io = recordedIo({ cwd: project.directory, ...told });
  const code = await run(argv, io);
  return { code, out: io.out(), err: io.err() };
}

const configure = (config: unknown): void =>
  project.write({ 'fk-guard.config.json': JSON.stringify(config) });

const state = async () => ({
  checkouts: (await database.query<{ n: number }>('select count(*)::integer as n from checkouts'))[0]?.n,
  keys: (
    await database.query<{ d: string }>(
      `select pg_get_constraintdef(oid) as d from pg_constraint where contype = 'f' and conrelid = 'checkouts'::regclass`,
    )
  ).map(({ d }) => d),
  quarantine: (await database.query(`select from pg_namespace where nspname = 'fk_guard'`)).length,
});
const damaged = { checkouts: 53, keys: [], quarantine: 0 };
const healthy = {
  checkouts: 50,
  keys: ['FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE'],
  quarantine: 1,
};

describe('the whole way', () => {
  it('check finds, plan shows, apply repairs, check and verify are silent, restore brings back', async () => {
    const found = await fkGuard(['check']);
    expect(found).toMatchObject({ code: 2, err: '' });
    expect(found.out).toContain('3 orphaned rows');
    expect(await state()).toEqual(damaged);

    const planned = await fkGuard(['plan']);
    expect(planned).toMatchObject({ code: 0, err: '' });
    expect(planned.out).toContain('3 rows will be removed');
    expect(planned.out).toContain('each copied to the quarantine first');
    expect(await state()).toEqual(damaged);

    const applied = await fkGuard(['apply', '--yes', '--accept-data-loss']);
    expect(applied.code).toBe(0);
    expect(await state()).toEqual(healthy);
    expect(await fkGuard(['check'])).toMatchObject({ code: 0, err: '' });
    expect(await fkGuard(['verify'])).toMatchObject({ code: 0, err: '' });

    const runId = /fk-guard restore (\S+)/.exec(applied.out)?.[1] ?? '';
    await database.query('alter table checkouts drop constraint checkouts_user_id_fkey');
    expect(await fkGuard(['restore', runId, '--dry-run'])).toMatchObject({
      code: 0,
      out: `Run ${runId}: 3 rows could be put back.\n`,
    });
    expect((await state()).checkouts).toBe(50);
    expect(await fkGuard(['restore', runId])).toMatchObject({
      code: 0,
      out: `Run ${runId}: 3 rows put back.\n`,
    });
    expect((await state()).checkouts).toBe(53);
  });

  it('applies a saved plan after the name of the database was typed', async () => {
    expect(await fkGuard(['plan', '--out', 'plan.json'])).toMatchObject({ code: 0 });
    expect(await fkGuard(['apply', 'plan.json'], { answers: [database.name] })).toMatchObject({ code: 0 });
    expect(await state()).toEqual(healthy);
  });

  it('refuses a saved plan when the database has moved', async () => {
    await fkGuard(['plan', '--out', 'plan.json']);
    await database.query('alter table checkouts add column note text');
    await database.query('insert into checkouts values (99, 99)');
    const refused = await fkGuard(['apply', 'plan.json', '--yes', '--accept-data-loss']);
    expect(refused).toMatchObject({ code: 3, out: '' });
    expect(refused.err).toMatch(/^fk-guard: The plan is stale/m);
    expect(await state()).toEqual({ ...damaged, checkouts: 54 });
  });

  it('applies nothing without consent and names the flags', async () => {
    const refused = await fkGuard(['apply', '--yes']);
    expect(refused).toMatchObject({ code: 3, out: '' });
    expect(refused.err).toContain('Add --yes --accept-data-loss');
    expect(await state()).toEqual(damaged);
  });

  it('only plans with --dry-run', async () => {
    expect(await fkGuard(['apply', '--dry-run'])).toMatchObject({
      code: 0,
      out: (await fkGuard(['plan'])).out,
      err: '',
    });
    expect(await state()).toEqual(damaged);
  });

  it.each([
    ['too much', 'delete from users where id > 25', 25],
    ['everything, because the parent is empty', 'delete from users', 0],
  ])('refuses %s, and lifts that with --force', async (_, damage, left) => {
    await database.query(damage);
    const refused = await fkGuard(['apply', '--yes', '--accept-data-loss']);
    expect(refused.code).toBe(3);
    expect(refused.out).toContain('limits: {');
    expect(await state()).toEqual(damaged);
    expect(await fkGuard(['apply', '--force', '--yes', '--accept-data-loss'])).toMatchObject({ code: 0 });
    expect(await state()).toEqual({ ...healthy, checkouts: left });
  });

  it('an index that a key lacks is a warning, until --indexes create builds it', async () => {
    await database.query(
      'delete from checkouts where user_id > 50; drop index checkouts_by_user; alter table checkouts add foreign key (user_id) references users on delete cascade',
    );
    const warned = await fkGuard(['check']);
    expect(warned).toMatchObject({ code: 0, err: '' });
    expect(warned.out).toContain('unindexed-foreign-key');
    expect(await fkGuard(['check', '--fail-on', 'warning'])).toMatchObject({ code: 2 });
    expect((await fkGuard(['apply', '--yes'])).out).not.toContain('Build the index');
    expect(await fkGuard(['apply', '--yes', '--indexes', 'create'])).toMatchObject({ code: 0 });
    expect(await fkGuard(['check', '--fail-on', 'warning'])).toMatchObject({ code: 0 });
  });

  it('says that nothing was examined when everything is excluded', async () => {
    const nothing = await fkGuard(['check', '--exclude', '*', '--fail-on', 'never']);
    expect(nothing.code).toBe(2);
    expect(nothing.out).toContain('Nothing was examined');
  });
});

describe('--format json', () => {
  it.each([
    ['check', 2, { findings: 2, steps: 0 }],
    ['plan', 0, { findings: 2, steps: 3 }],
  ])('%s is one document', async (command, code, { findings, steps }) => {
    const told = await fkGuard([command, '--format', 'json']);
    expect(told).toMatchObject({ code, err: '' });
    const document = JSON.parse(told.out) as Record<string, unknown>;
    expect(document).toMatchObject({
      schemaVersion: 1,
      command,
      tool: { name: 'sequelize-fk-guard' },
      database: { name: database.name },
      errors: [],
    });
    expect(document['findings']).toHaveLength(findings);
    expect(document['steps']).toHaveLength(steps);
  });

  it('apply keeps its progress off the document', async () => {
    const told = await fkGuard(['apply', '--yes', '--accept-data-loss', '--format=json']);
    expect(told.code).toBe(0);
    expect(told.err).toContain('checkouts');
    expect(JSON.parse(told.out)).toMatchObject({
      command: 'apply',
      summary: { status: 'repaired', rowsDeleted: 3, rowsQuarantined: 3 },
    });
  });

  it('is a document also when it failed, and goes to a file when asked to', async () => {
    const refused = await fkGuard(['apply', '--format', 'json']);
    expect(refused.code).toBe(3);
    expect(JSON.parse(refused.out)).toMatchObject({
      command: 'apply',
      database: null,
      findings: [],
      steps: [],
      errors: [{ code: 'CONSENT' }],
    });
    expect(JSON.parse((await fkGuard(['chek', '--format', 'json'])).out)).toMatchObject({
      command: 'chek',
      errors: [{ code: 'USAGE' }],
    });
    const told = await fkGuard(['check', '--format', 'json', '--output', 'report.json']);
    expect(told).toEqual({ ...(await fkGuard(['check'])), code: 2 });
    expect(JSON.parse(readFileSync(join(project.directory, 'report.json'), 'utf8'))).toMatchObject({
      command: 'check',
    });
  });
});

describe('bad input is one clear line with advice, the right exit code, nothing written', () => {
  const secret = 's3cret-word';
  const withSecret = (change: (url: URL) => void): string => {
    const url = new URL(database.url);
    url.username ||= 'somebody';
    url.password = secret;
    change(url);
    return url.href;
  };

  async function refusal(argv: readonly string[], told: Told = {}) {
    const { code, out, err } = await fkGuard(argv, told);
    expect(out + err).not.toContain(secret);
    expect(err).not.toMatch(/\n\s+at /);
    expect(await state()).toEqual(damaged);
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
    configure({ url: database.url, foreignKeys, options });
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
    configure(config);
    const { code, line } = await refusal(['check']);
    expect({ code, line }).toEqual({ code: 78, line: expect.stringMatching(message) as string });
  });

  it('no configuration', async () => {
    project.write({ 'elsewhere/package.json': '{}' });
    const cwd = join(project.directory, 'elsewhere');
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
    const url = new URL(database.url);
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
    const role = await database.createRole();
    await database.query(`grant select on users, checkouts to "${role.name}"`);
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
    expect(existsSync(join(project.directory, 'outcome.txt'))).toBe(false);
    await database.query(`drop owned by "${role.name}"`);
  });

  it('a configuration that is no JSON', async () => {
    project.write({ 'own/fk-guard.config.json': '{' });
    const io = recordedIo({ cwd: join(project.directory, 'own') });
    expect(await run(['check'], io)).toBe(78);
    expect(io.err()).toMatch(/^fk-guard: .*own\/fk-guard\.config\.json cannot be read as JSON\.\n/);
  });

  it('shows where it comes from only with --verbose', async () => {
    const { err } = await fkGuard(['check', '--verbose', '--url', withSecret((url) => (url.port = '1'))]);
    expect(err).toMatch(/\n\s+at /);
    expect(err).not.toContain(secret);
  });
});

describe('other forms', () => {
  const isEvent = new Ajv2020({ strict: false }).addSchema(schema('document')).compile(schema('event'));

  it('ndjson tells what happens, line by line, and ends with the document', async () => {
    const { code, out } = await fkGuard(['apply', '--yes', '--accept-data-loss', '--format', 'ndjson']);
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string });
    for (const event of events) expect([event, isEvent(event)]).toEqual([event, true]);
    expect(events.map(({ event }) => event)).toEqual([
      'start',
      ...['step', 'stepDone', 'step', 'progress', 'stepDone', 'step', 'stepDone'],
      'end',
    ]);
    expect(events.at(-1)).toMatchObject({
      document: { exitCode: code, summary: { status: 'repaired', rowsDeleted: 3 } },
    });
  });

  it('ndjson ends with the error when it fails', async () => {
    const { code, out } = await fkGuard(['apply', '--yes', '--format', 'ndjson']);
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    for (const event of events) expect([event, isEvent(event)]).toEqual([event, true]);
    expect({ code, last: events.at(-1) }).toMatchObject({
      code: 3,
      last: { event: 'end', document: { exitCode: 3, errors: [{ code: 'CONSENT' }] } },
    });
  });

  it('every command writes a document of the published schema', async () => {
    const isDocument = new Ajv2020({ strict: false }).compile(schema('document'));
    const documentOf = async (...argv: string[]) => {
      const document = JSON.parse((await fkGuard([...argv, '--format', 'json'])).out) as {
        summary: { runId?: string } | null;
      };
      expect({ argv, valid: isDocument(document), errors: isDocument.errors }).toEqual({
        argv,
        valid: true,
        errors: null,
      });
      return document;
    };
    await documentOf('chek');
    for (const command of ['status', 'check', 'plan']) await documentOf(command);
    await documentOf('apply', '--dry-run');
    const { summary } = await documentOf('apply', '--yes', '--accept-data-loss');
    for (const command of ['status', 'check', 'verify', 'plan']) await documentOf(command);
    await documentOf('restore', summary?.runId ?? '', '--dry-run');
    await documentOf('restore', 'nobody');
    await documentOf('purge', '--older-than', '1d');
    await documentOf('purge', '--older-than', '0d', '--dry-run');
  });

  it('GitHub gets annotations beside the text, unless they are not wanted', async () => {
    const text = (await fkGuard(['check'])).out;
    const env = { GITHUB_ACTIONS: 'true' };
    const told = await fkGuard(['check', '-o', 'sarif=a.sarif', '-o', 'markdown=a.md'], { env });
    expect(told.code).toBe(2);
    expect(told.out.slice(0, text.length)).toBe(text);
    expect(told.out.slice(text.length).split('\n')).toEqual([
      expect.stringMatching(
        /^::error file=fk-guard\.config\.json,line=1,title=orphaned-rows%3A public\.checkouts\.user_id::3 rows/,
      ),
      expect.stringMatching(/^::error file=fk-guard\.config\.json,line=1,title=missing-foreign-key/),
      '',
    ]);
    expect(JSON.parse(readFileSync(join(project.directory, 'a.sarif'), 'utf8'))).toMatchObject({
      version: '2.1.0',
    });
    expect(readFileSync(join(project.directory, 'a.md'), 'utf8')).toContain('### Foreign keys: 2 errors');
    expect((await fkGuard(['check', '--no-annotations'], { env })).out).toBe(text);
    expect(JSON.parse((await fkGuard(['check', '--format', 'json'], { env })).out)).toMatchObject({
      exitCode: 2,
    });
  });

  it('a model is pointed at where it is written, on the line of its column', async () => {
    project.write({
      'models/checkout.js': `const { DataTypes } = require('sequelize');
exports.Checkout = (sequelize) => {
  exports.Checkout = sequelize.define('Checkout', { user_id: {
    type: DataTypes.INTEGER } }, { tableName: 'checkouts', timestamps: false });
  return exports.Checkout;
};
`,
      'fk-guard.config.js': `const { Sequelize } = require('sequelize');
const sequelize = new Sequelize(${JSON.stringify(database.url)}, { logging: false });
const User = sequelize.define('User', {}, { tableName: 'users', timestamps: false });
require('./models/checkout').Checkout(sequelize).belongsTo(User, { foreignKey: 'user_id', onDelete: 'CASCADE' });
module.exports = { sequelize };
`,
    });
    const { out } = await fkGuard(['check', '--config', 'fk-guard.config.js', '--format', 'github']);
    expect(out).toMatch(
      /^::error file=models\/checkout\.js,line=3,title=orphaned-rows%3A Checkout\.user_id::/m,
    );
  });

  it('a baseline lets a build pass until something new comes', async () => {
    const accept = ['check', '--baseline', 'b.json', '--write-baseline', '--because', 'Release 4 mends it.'];
    expect(await fkGuard(accept)).toMatchObject({ code: 0, err: '' });
    expect(await fkGuard(['check', '--baseline', 'b.json'])).toMatchObject({ code: 0 });
    await database.query('insert into checkouts values (77, 77)');
    const worse = await fkGuard(['check', '--baseline', 'b.json']);
    expect(worse.code).toBe(2);
    expect(worse.out).toContain('accepted with 3 rows, has 4');
    const sarif = JSON.parse(
      (await fkGuard(['check', '--baseline', 'b.json', '--format', 'sarif'])).out,
    ) as unknown;
    expect(sarif).toMatchObject({
      runs: [
        {
          results: [
            { baselineState: 'new' },
            { baselineState: 'unchanged', suppressions: [{ kind: 'external' }] },
          ],
        },
      ],
    });
    project.write({ 'b.json': '{}' });
    expect(await fkGuard(['check', '--baseline', 'b.json'])).toMatchObject({ code: 78 });
  });
});
