import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapeIdentifier, escapeLiteral } from 'pg';
import { run } from '../../src/cli/run';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { createProject, type Project } from './program';
import { recordedIo } from './streams';

/** As a person would think it up: each of its characters means something in an address, in JSON or in SQL. */
const SECRET = `hunter2 @/:?#&="'\\%é$$`;
const SPELLINGS = [
  SECRET,
  encodeURIComponent(SECRET),
  JSON.stringify(SECRET).slice(1, -1),
  new URL(`postgres://u:${encodeURIComponent(SECRET)}@h/d`).password,
  // No part of it either.
  'hunter2',
];

let database: TestDatabase;
let project: Project;
let role: string;
let addresses: Record<'right' | 'wrong' | 'down' | 'noDatabase' | 'byQuery', string>;

beforeAll(async () => {
  database = await createDatabase('secrets');
  role = `${database.name}_role_1`;
  await database.createRole();
  await database.query(`
    alter role ${escapeIdentifier(role)} password ${escapeLiteral(SECRET)};
    grant create on database ${escapeIdentifier(database.name)} to ${escapeIdentifier(role)};
    create table users (id int primary key);
    create table checkouts (id int primary key, user_id int);
    insert into users values (1);
    insert into checkouts values (1, 1), (2, 9);
    create table others (id int primary key, user_id int);
    alter table users owner to ${escapeIdentifier(role)};
    alter table checkouts owner to ${escapeIdentifier(role)};
    grant select on others to ${escapeIdentifier(role)}`);
  const address = (change: (url: URL) => void, password = SECRET): string => {
    const url = new URL(database.url);
    [url.username, url.password] = [role, encodeURIComponent(password)];
    change(url);
    return url.href;
  };
  addresses = {
    right: address(() => undefined),
    wrong: address(() => undefined, `${SECRET}!`),
    down: address((url) => void (url.port = '1')),
    noDatabase: address((url) => void (url.pathname = '/nowhere')),
    byQuery: address((url) => {
      url.searchParams.set('password', SECRET);
      url.searchParams.set('user', role);
    }),
  };
  project = createProject({
    'fk-guard.config.js': `module.exports = { foreignKeys: [
      { child: 'public.checkouts(user_id)', parent: 'public.users(id)', onDelete: 'CASCADE' },
      { child: 'public.others(user_id)', parent: 'public.users(id)', onDelete: 'CASCADE' }] };`,
    'models.config.js': `const { Sequelize, DataTypes } = require('sequelize');
      const sequelize = new Sequelize(${JSON.stringify(database.name)}, ${JSON.stringify(role)}, process.env.SECRET_OF_TEST, {
        dialect: 'postgres', host: '127.0.0.1', port: ${new URL(database.url).port || 5432}, logging: false });
      const User = sequelize.define('User', {}, { tableName: 'users', timestamps: false });
      const Checkout = sequelize.define('Checkout', {}, { tableName: 'checkouts', timestamps: false });
      User.hasMany(Checkout, { foreignKey: 'user_id', onDelete: 'CASCADE' });
      module.exports = { sequelize };`,
    'throws.config.js': `throw new Error('cannot connect to ' + process.env.URL_OF_TEST);`,
    'environment.config.js': `throw new Error('no login with ' + process.env.SECRET_OF_TEST);`,
    'broken.config.json': `{ "url": ${JSON.stringify(addresses.right)}, }`,
    'wrong.config.json': JSON.stringify({ url: addresses.right, foreignKeys: 'none' }),
    'unencoded.config.json': JSON.stringify({
      url: `postgres://u:${SECRET}@h/d`,
      foreignKeys: [{ child: 'a(b)', parent: 'c(d)' }],
    }),
  });
  process.env['SECRET_OF_TEST'] = SECRET;
  process.env['URL_OF_TEST'] = addresses.right;
});
afterAll(async () => {
  delete process.env['SECRET_OF_TEST'];
  delete process.env['URL_OF_TEST'];
  project.remove();
  await database.drop({ force: true });
});

/** What a run has written, wherever. */
async function said(
  argv: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number; text: string }> {
  const warned: string[] = [];
  const listen = (warning: Error): void => void warned.push(String(warning.stack));
  process.on('warning', listen);
  const io = recordedIo({ cwd: project.directory, env });
  const code = await run(argv, io);
  process.off('warning', listen);
  return { code, text: [io.out(), io.err(), ...warned].join('\n') };
}

function expectNoSecret(text: string): void {
  for (const spelling of SPELLINGS) expect(text).not.toContain(spelling);
}

const COMMANDS = [
  ['check'],
  ['plan'],
  ['plan', '--sql'],
  ['apply', '--dry-run'],
  ['verify'],
  ['status'],
  ['restore', 'no-such-run'],
  ['purge', '--older-than', '30d', '--dry-run'],
];

describe('no password is written', () => {
  it.each(COMMANDS.map((words) => [words.join(' '), words] as const))(
    'by %s, in any format, whatever goes wrong',
    async (_title, words) => {
      for (const format of ['text', 'json'])
        for (const url of Object.values(addresses)) {
          const { text } = await said([...words, '--format', format, '--verbose', '--url', url]);
          expect(text).not.toBe('');
          expectNoSecret(text);
        }
    },
  );

  it.each([
    ['an address that is none', ['check', '--url', `postgres://u:${SECRET}@h:99999999/d`], 64],
    ['an address of another database', ['check', '--url', `mysql://u:${encodeURIComponent(SECRET)}@h/d`], 78],
    ['an argument in the wrong place', ['check', `postgres://u:${encodeURIComponent(SECRET)}@h/d`], 64],
    ['a flag that is none', ['check', `--urll=postgres://u:${encodeURIComponent(SECRET)}@h/d`], 64],
    ['a plan file by that name', ['apply', `postgres://u:${encodeURIComponent(SECRET)}@h/d`], 78],
    ['a configuration that throws it', ['check', '--config', 'throws.config.js'], 78],
    ['a flag that is none, not even an address', ['check', `--urll=postgres://u:${SECRET}@h/d`], 64],
    ['a configuration that throws PGPASSWORD', ['check', '--config', 'environment.config.js'], 78],
    ['a configuration that is no JSON', ['check', '--config', 'broken.config.json'], 78],
    ['a configuration without keys', ['check', '--config', 'wrong.config.json'], 78],
    ['an address in the configuration that is none', ['check', '--config', 'unencoded.config.json'], 78],
    ['a Sequelize instance', ['check', '--config', 'models.config.js'], 2],
    ['an address beside a Sequelize instance', ['check', '--config', 'models.config.js', '--url', 'URL'], 64],
  ])('for %s', async (_title, words, code) => {
    for (const more of [[], ['--format', 'json']]) {
      const argv = [...words.map((word) => (word === 'URL' ? addresses.right : word)), ...more, '--verbose'];
      const ended = await said(argv, { PGPASSWORD: SECRET });
      expectNoSecret(ended.text);
      expect(ended.code).toBe(code);
    }
  });

  it('into a plan, a result, the ledger or the quarantine', async () => {
    const files = ['plan.json', 'result.json'].map((name) => join(project.directory, name));
    await said(['plan', '--out', 'plan.json'], { FK_GUARD_DATABASE_URL: addresses.right });
    // One key may not be made (42501): what was said about that stands there too.
    const applied = await said(
      [
        'apply',
        'plan.json',
        '--yes',
        '--accept-data-loss',
        '--force',
        '--format',
        'json',
        '--output',
        'result.json',
        '--verbose',
      ],
      { DATABASE_URL: addresses.right },
    );
    expectNoSecret(applied.text);
    for (const file of files) expectNoSecret(readFileSync(file, 'utf8'));
    const kept = await database.query<{ line: string }>(`
      select r::text as line from fk_guard.run r union all select s::text from fk_guard.step s
      union all select q::text from fk_guard.quarantine q`);
    expect(kept.length).toBeGreaterThan(2);
    expectNoSecret(kept.map(({ line }) => line).join('\n'));
  });
});
