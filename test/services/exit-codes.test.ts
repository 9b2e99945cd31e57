import { fkGuard, createProject, type Project } from '../cli/program';
import { createDatabase, type TestDatabase } from '../postgres/database';

let database: TestDatabase;
let project: Project;
beforeAll(async () => {
  database = await createDatabase('exit_codes');
  await database.query(`
    create table users (id integer primary key);
    create table checkouts (id integer primary key, user_id integer);
    insert into users select generate_series(1, 50);
    insert into checkouts select n, n from generate_series(1, 53) n;`);
  project = createProject({
    'fk-guard.config.json': JSON.stringify({
      url: database.url,
      foreignKeys: [{ child: 'public.checkouts(user_id)', parent: 'public.users(id)', onDelete: 'CASCADE' }],
    }),
    'wrong.config.json': JSON.stringify({ url: database.url, foreignKeys: [], options: { batchSise: 1 } }),
  });
});
afterAll(async () => {
  project.remove();
  await database.drop();
});

const ACCEPTED = ['--yes', '--accept-data-loss'];

/** In this order: the repair ends part way, is finished, and then all is well. 130 is in cancel.test.ts. */
test.each([
  [1, ['check', '--url', 'postgres://nobody@127.0.0.1:1/nowhere']],
  [2, ['check']],
  [3, ['apply', '--yes']],
  [4, ['apply', ...ACCEPTED, '--max-run-rows', '1']],
  [0, ['apply', ...ACCEPTED]],
  [0, ['check']],
  [64, ['chek']],
  [78, ['check', '--config', 'wrong.config.json']],
])('%i: fk-guard %j', async (code, argv) => {
  expect(await fkGuard(argv, { cwd: project.directory })).toMatchObject({ code });
});
