import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../src/cli/run';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { createProject, type Project } from './program';
import { recordedIo } from './streams';

let database: TestDatabase;
let project: Project;
beforeAll(async () => {
  database = await createDatabase('garbage');
  await database.query(`
    create table users (id integer primary key);
    create table checkouts (id integer primary key, user_id integer);
    insert into users select generate_series(1, 50);
    insert into checkouts select n, n from generate_series(1, 53) as n`);
});
afterAll(() => database.drop());
beforeEach(() => (project = createProject()));
afterEach(() => project.remove());

const config = () =>
  JSON.stringify({
    url: database.url,
    foreignKeys: [{ child: 'public.checkouts(user_id)', parent: 'public.users(id)', onDelete: 'CASCADE' }],
  });

/** What a path may lead to instead of what somebody has saved there. */
const GARBAGE: readonly (readonly [string, (path: string) => unknown, RegExp])[] = [
  ['a directory', (path) => mkdirSync(path), /it is a directory/],
  ['a pipe that nobody writes to', (path) => execFileSync('mkfifo', [path]), /it is not a regular file/],
  [
    '100 MB',
    (path) => (writeFileSync(path, '{'), truncateSync(path, 100_000_000)),
    /it is larger than 50 MB/,
  ],
  [
    'text in another encoding',
    (path) => writeFileSync(path, Buffer.from('{ "url": "postgres://h/caf\u00e9" }', 'latin1')),
    /it is not UTF-8/,
  ],
  ['bytes', (path) => writeFileSync(path, Buffer.from([0xff, 0xfe, 0x7b, 0])), /it is not UTF-8/],
  ['nothing', (path) => writeFileSync(path, ''), /is not JSON|cannot be read as JSON|neither a Sequelize/],
  [
    'a list without end',
    (path) => writeFileSync(path, '['.repeat(2_000_000)),
    /is not JSON|cannot be read as JSON|Cannot load/,
  ],
];

async function told(argv: readonly string[], plan = config()) {
  if (plan !== '') project.write({ 'fk-guard.config.json': plan });
  const io = recordedIo({ cwd: project.directory });
  const code = await run(argv, io);
  return { code, out: io.out(), err: io.err() };
}

const untouched = async (): Promise<void> =>
  expect(
    await database.query(
      `select (select count(*)::int from checkouts) as rows, (select count(*)::int from pg_constraint where contype = 'f') as keys, to_regnamespace('fk_guard') as ledger`,
    ),
  ).toEqual([{ rows: 53, keys: 0, ledger: null }]);

test.each(GARBAGE)(
  '%s where a plan should be: refused with 3, and nothing is done',
  async (_, make, words) => {
    make(join(project.directory, 'plan.json'));
    const { code, err, out } = await told(['apply', 'plan.json', '--yes', '--accept-data-loss']);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(words);
    expect(err).toContain('plan.json');
    expect(err).toContain('nothing was written');
    await untouched();
  },
);

describe.each(['fk-guard.config.json', 'fk-guard.config.js', 'fk-guard.config.ts'])(
  'where %s should be',
  (name) => {
    test.each(GARBAGE)('%s: 78, and nothing is done, named or found', async (_, make, words) => {
      make(join(project.directory, name));
      for (const flags of [[], ['--config', name]]) {
        const { code, err, out } = await told(['apply', '--yes', '--accept-data-loss', ...flags], '');
        expect({ code, out }).toEqual({ code: 78, out: '' });
        expect(err).toMatch(words);
        expect(err).toContain(name);
      }
      await untouched();
    });
  },
);

/** Root may read every file, so it becomes somebody else for as long as it looks. */
async function asLimitedUser<T>(work: () => Promise<T>): Promise<T> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

test('a file that may not be read: the reason is told, and nothing is done', async () => {
  project.write({ 'plan.json': '{}', 'closed.json': config(), 'fk-guard.config.json': config() });
  chmodSync(project.directory, 0o755);
  for (const name of ['plan.json', 'closed.json']) chmodSync(join(project.directory, name), 0o000);
  const io = () => recordedIo({ cwd: project.directory });
  const [plan, closed] = [io(), io()];
  expect(await asLimitedUser(() => run(['apply', 'plan.json', '--yes', '--accept-data-loss'], plan))).toBe(3);
  expect(plan.err()).toMatch(/Cannot read .*plan\.json: permission denied/);
  expect(await asLimitedUser(() => run(['check', '--config', 'closed.json'], closed))).toBe(78);
  expect(closed.err()).toMatch(/Cannot read .*closed\.json: permission denied/);
  await untouched();
});
