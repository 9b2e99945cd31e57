import { run } from '../../src/cli/run';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { dump } from '../postgres/dump';
import { createProject, type Project } from './program';
import { recordedIo } from './streams';

const foreignKeys = [{ child: 'public.checkouts(user_id)', parent: 'public.users(id)', onDelete: 'CASCADE' }];

let database: TestDatabase;
let project: Project;
afterEach(async () => {
  project.remove();
  await database.drop();
});

async function fkGuard(argv: readonly string[], answers?: readonly string[]) {
  const io = recordedIo({ cwd: project.directory, ...(answers && { answers }) });
  const code = await run(argv, io);
  return { code, out: io.out(), err: io.err() };
}

/** The dump before the repair, and the run. */
async function repaired(tables: string): Promise<{ readonly before: string; readonly runId: string }> {
  database = await createDatabase('cli_restore_schema');
  await database.query(`
    create table users (id integer primary key);
    ${tables}
    create index on checkouts (user_id);
    insert into users select generate_series(1, 50);
    insert into checkouts select n, n from generate_series(1, 53) as n`);
  project = createProject({ 'fk-guard.config.json': JSON.stringify({ url: database.url, foreignKeys }) });
  const before = await dump(database);
  const { out } = await fkGuard(['apply', '--yes', '--accept-data-loss', '--format', 'json']);
  return { before, runId: (JSON.parse(out) as { summary: { runId: string } }).summary.runId };
}

const PLAIN = 'create table checkouts (id integer primary key, user_id integer);';
const TABLES = [
  ['a plain table', PLAIN],
  [
    'a partitioned table',
    `create table checkouts (id integer primary key, user_id integer) partition by range (id);
     create table checkouts_low partition of checkouts for values from (0) to (52);
     create table checkouts_high partition of checkouts for values from (52) to (99);`,
  ],
  [
    'a table with row security, which does not apply to its owner',
    `${PLAIN} alter table checkouts enable row level security; create policy none on checkouts using (false);`,
  ],
] as const;

interface Document {
  readonly summary: { readonly restored: number };
  readonly failed: readonly unknown[];
  readonly schema: { readonly undone: boolean; readonly statements: readonly string[] };
}

test.each(TABLES)('%s: what the dry run foretells is what comes back', async (_, tables) => {
  const { before, runId } = await repaired(tables);
  const mended = await dump(database);
  const dry = await fkGuard(['restore', runId, '--schema', '--dry-run', '--format', 'json']);
  expect(await dump(database)).toBe(mended);
  const real = await fkGuard(['restore', runId, '--schema', '--yes', '--format', 'json']);
  expect([dry.code, real.code]).toEqual([0, 0]);
  const [foretold, done] = [JSON.parse(dry.out) as Document, JSON.parse(real.out) as Document];
  expect(done.summary.restored).toBe(3);
  expect(foretold.summary.restored).toBe(done.summary.restored);
  expect([foretold.failed, done.failed]).toEqual([[], []]);
  expect(foretold.schema.statements).toEqual(done.schema.statements);
  expect([foretold.schema.undone, done.schema.undone]).toEqual([false, true]);
  expect(await dump(database)).toBe(before);
});

test('a person is shown the statements and asked; without a terminal --yes is needed', async () => {
  const { before, runId } = await repaired(PLAIN);
  const mended = await dump(database);
  const alone = await fkGuard(['restore', runId, '--schema']);
  expect(alone).toMatchObject({ code: 3, out: '' });
  expect(alone.err).toContain('There is no terminal to ask at; nothing was written.');
  expect(alone.err).toContain('Add --yes to carry them out without a question.');
  const no = await fkGuard(['restore', runId, '--schema'], ['no']);
  expect(no).toMatchObject({ code: 3, out: '' });
  expect(await dump(database)).toBe(mended);
  const yes = await fkGuard(['restore', runId, '--schema'], ['yes']);
  expect(yes.code).toBe(0);
  expect(yes.err).toMatch(/alter table "public"\."checkouts" drop constraint[^]*Type yes to go on: /);
  expect(yes.out).toContain('What the run had done to the schema was taken back:');
  expect(yes.out).toContain(`Run ${runId}: 3 rows put back.`);
  expect(await dump(database)).toBe(before);
  // Where there is nothing to take back nobody is asked.
  expect(await fkGuard(['restore', runId, '--schema'])).toMatchObject({ code: 0, err: '' });
});
