import { run } from '../../src/cli/run';
import { onOneLine } from '../../src/cli/statement-log';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { createProject, type Project } from './program';
import { recordedIo } from './streams';

let database: TestDatabase;
let project: Project;
beforeAll(async () => {
  database = await createDatabase('verbose');
  await database.query(`
    create table users (id integer primary key);
    create table checkouts (id integer primary key, user_id integer, note text);
    insert into users select generate_series(1, 50);
    insert into checkouts select n, n, 'Mrs. O''Hara \\ ' || n from generate_series(1, 53) as n;`);
  project = createProject({
    'fk-guard.config.json': JSON.stringify({
      url: database.url,
      foreignKeys: [{ child: 'public.checkouts(user_id)', parent: 'public.users(id)', onDelete: 'CASCADE' }],
    }),
  });
});
afterAll(async () => {
  project.remove();
  await database.drop();
});

async function told(...argv: string[]) {
  const io = recordedIo({ cwd: project.directory });
  const code = await run(argv, io);
  return { code, out: io.out(), err: io.err() };
}

const STATEMENT = /^ *\d+\.\d ms {2}\S.*;( {2}-- failed: \w+)?$/;

test('--verbose tells every statement with its time on a line of its own, and no value of a row', async () => {
  const applied = await told('apply', '--yes', '--accept-data-loss', '--verbose');
  expect(applied.code).toBe(0);
  expect(applied.out).not.toContain(' ms  ');
  const statements = applied.err.split('\n').filter((line) => STATEMENT.test(line));
  expect(statements.join('\n')).toMatch(
    /ms {2}alter table "public"."checkouts" add constraint .* not valid;$/m,
  );
  // Parameters stay what they are in the statement.
  expect(statements.join('\n')).toContain('values ($1, $2, ');
  const begun = statements.filter((line) => / ms {2}begin /.test(line)).length;
  const ended = statements.filter((line) => / ms {2}(commit|rollback);/.test(line)).length;
  expect(begun).toBeGreaterThan(5);
  expect(ended).toBe(begun);

  const [{ id } = { id: '' }] = await database.query<{ id: string }>('select id from fk_guard.run');
  const restored = await told('restore', id, '--schema', '--yes', '--verbose');
  expect(restored.code).toBe(0);
  expect(restored.err).toMatch(/ ms {2}insert into "public"\."checkouts"/);
  expect(restored.err).not.toContain('Hara');
});

test('--verbose tells of statements that fail', async () => {
  const { err } = await told('impact', 'users', 'x', '--verbose');
  expect(err).toMatch(/ ms {2}select .*; {2}-- failed: 22P02\n +\d+\.\d ms {2}rollback;/);
});

test('--quiet leaves stderr to errors', async () => {
  const applied = await told('apply', '--yes', '--accept-data-loss', '-q');
  expect(applied).toMatchObject({ code: 0, err: '' });
  expect(applied.out).toContain('Repaired: ');
  await database.query(
    'alter table checkouts drop constraint checkouts_user_id_fkey; delete from users where id = 7',
  );
  const asked = await told('apply', '--quiet');
  expect(asked).toMatchObject({ code: 3, out: '' });
  expect(asked.err).toMatch(
    /^fk-guard: 1 row would be removed or changed and there is no terminal to ask at;/,
  );
});

test.each([
  ['select\n  1,\n  2', 'select 1, 2'],
  [`select 'two\nlines', "a\nb"\nfrom t`, `select 'two\nlines', "a\nb" from t`],
  [`select E'\\\\\\'x', 'it''s' from t`, `select E'\\\\\\'x', 'it''s' from t`],
  [`insert into t values ('x', E'\\\\y', $1)`, `insert into t values ('…', '…', $1)`],
  [`select 'x'::text is null`, `select '…'::text is null`],
])('%j is shown as %j', (sql, shown) => {
  expect(onOneLine(sql)).toBe(shown);
});
