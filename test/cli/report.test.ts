import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../src/cli/run';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { createProject, type Project } from './program';
import { recordedIo } from './streams';

let database: TestDatabase;
let project: Project;
beforeAll(async () => {
  database = await createDatabase('cli_report');
  await database.query(`
    create table users (id text primary key);
    create table checkouts (id text primary key, user_id text);
    insert into users select 'user-' || n from generate_series(1, 50) n;
    insert into checkouts select 'checkout-' || n, 'user-' || n from generate_series(1, 53) n`);
  const foreignKeys = [
    { child: 'public.checkouts(user_id)', parent: 'public.users(id)', onDelete: 'CASCADE' },
  ];
  project = createProject({
    'fk-guard.config.json': JSON.stringify({ url: database.url, foreignKeys, options: { sampleKeys: 5 } }),
    'empty.config.json': JSON.stringify({
      url: database.url,
      foreignKeys,
      options: { exclude: ['checkouts'] },
    }),
  });
});
afterAll(async () => {
  project.remove();
  await database.drop();
});

async function report(...argv: string[]) {
  const io = recordedIo({ cwd: project.directory });
  const code = await run(['report', ...argv], io);
  return { code, out: io.out(), err: io.err() };
}

const file = (name: string): string => readFileSync(join(project.directory, name), 'utf8');

describe('fk-guard report', () => {
  it('writes one file and says where; that something is wrong is no failure unless it was asked for', async () => {
    const told = await report();
    expect(told).toMatchObject({ code: 0, err: '' });
    expect(told.out).toContain('2 errors');
    expect(told.out).toContain(`The report is in ${join(project.directory, 'fk-guard.html')}.\n`);
    const page = file('fk-guard.html');
    expect(page).toMatch(/^<!doctype html>[^]*<\/html>\s*$/);
    expect(page).toContain('Quarantine and delete: orphans of public.checkouts (user_id)');
    expect(page).toContain('add constraint');
    expect(page).toContain('The guard has changed nothing in this database.');
    expect(readdirSync(project.directory)).not.toContainEqual(expect.stringContaining('.tmp'));
    expect(await report('--fail-on', 'error')).toMatchObject({ code: 2 });
  });

  it('goes to stdout and nowhere else for -, and as a document beside the file', async () => {
    const { out } = await report('--out', '-');
    expect(out).toMatch(/^<!doctype html>/);
    const told = await report('--out', 'b.html', '--format', 'json');
    expect(JSON.parse(told.out)).toMatchObject({ command: 'report', summary: { errors: 2 } });
    expect(file('b.html')).toMatch(/^<!doctype html>/);
  });

  it('shows keys of rows when they were asked for here, and then to its owner only', async () => {
    await report('--out', 'without.html');
    expect(file('without.html')).not.toContain('user-5');
    await report('--out', 'with.html', '--sample-keys', '3');
    expect(file('with.html')).toContain('user-52');
    expect(statSync(join(project.directory, 'with.html')).mode & 0o777).toBe(0o600);
  });

  it('is no success where nothing was examined', async () => {
    expect(await report('--config', 'empty.config.json', '--out', 'empty.html')).toMatchObject({ code: 2 });
    expect(file('empty.html')).toContain('No relation was examined');
  });

  it('says before it looks that a file cannot be written', async () => {
    const told = await report('--out', 'nowhere/fk.html');
    expect(told).toMatchObject({ code: 1, out: '' });
    expect(told.err).toContain('Cannot write');
  });
});

it('a check gives the same page, without plan and runs, and without keys', async () => {
  const io = recordedIo({ cwd: project.directory });
  expect(await run(['check', '--output', 'html=check.html'], io)).toBe(2);
  expect(io.out()).toContain('user-5');
  const page = file('check.html');
  expect(page).toContain('should point at public.users (id)');
  expect(page).not.toMatch(/user-5|Last runs|steps planned/);
});
