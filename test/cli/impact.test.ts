import { run } from '../../src/cli/run';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { createProject, type Project } from './program';
import { recordedIo } from './streams';

const foreignKeys = [{ child: 'public.checkouts(user_id)', parent: 'public.users(id)' }];

let database: TestDatabase;
let project: Project;
beforeAll(async () => {
  database = await createDatabase('cli_impact');
  await database.query(`
    create table users (id integer primary key);
    create table checkouts (id integer primary key, user_id integer references users on delete cascade);
    create table fines (room integer, id uuid, checkout integer references checkouts, primary key (room, id));
    create index on checkouts (user_id); create index on fines (checkout);
    insert into users values (1), (2), (-3); insert into checkouts values (1, 1), (2, 1), (3, 2);
    insert into fines values (1, '00000000-0000-4000-8000-000000000001', 3)`);
  project = createProject({ 'fk-guard.config.json': JSON.stringify({ url: database.url, foreignKeys }) });
});
afterAll(async () => {
  project.remove();
  await database.drop();
});

async function impact(...argv: readonly string[]) {
  const io = recordedIo({ cwd: project.directory });
  const code = await run(['impact', ...argv], io);
  return { code, out: io.out(), err: io.err() };
}

it('tells level by level what would go', async () => {
  const told = await impact('public.users', '1');
  expect(told).toMatchObject({ code: 0, err: '' });
  expect(told.out.replace(/^.* on .*\n/m, ''))
    .toBe(`The delete of the row of public.users with id = 1: 3 rows deleted, 0 rows
changed.

  level 0: 1 row of public.users
  level 1: 2 rows of public.checkouts deleted, by public.checkouts.user_id
  (checkouts_user_id_fkey)

Table by table:
  public.users: 1 row deleted, 0 rows changed
  public.checkouts: 2 rows deleted, 0 rows changed
`);
});

it('exits with 3 where the database would refuse it', async () => {
  const told = await impact('users', '2');
  expect(told).toMatchObject({ code: 3 });
  expect(told.out).toContain(`The database would refuse it:
  1 row of public.fines (checkout) by fines_checkout_fkey: NO ACTION.
`);
});

it('exits with 2 where there is no such row', async () => {
  expect(await impact('users', '4711')).toMatchObject({ code: 2 });
  expect((await impact('users', '4711')).out).toMatch(/^There is no row of public.users with id = 4711\.\n/);
});

it('takes a composite key, a value that begins with -, and writes JSON', async () => {
  const key = '{"id": "00000000-0000-4000-8000-000000000001", "room": 1}';
  const { code, out } = await impact('fines', key, '--format', 'json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    command: 'impact',
    summary: { found: true, verdict: 'deletes', rowsDeleted: 1, rowsChanged: 0, blocks: 0, doubts: 0 },
    impact: { table: 'public.fines', key: { room: '1' }, steps: [{ level: 0, rows: 1 }] },
  });
  expect(await impact('users', '--', '-3')).toMatchObject({ code: 0 });
});

it.each([
  ['userz', '1', 'There is no model and no table userz.', 'Did you mean users?'],
  ['users', 'x', 'That is no key of public.users', 'Give one value'],
  ['users', '12345678901234567890', 'That is no key of public.users', 'Give one value'],
  ['users', '{"id": 12345678901234567890}', 'is no exact number', 'large numbers as text'],
  ['users', '{"idd": 1}', 'public.users has no column idd.', 'Did you mean id?'],
  ['users', '{"id": null}', 'a value is null', 'Give one value'],
  ['users', '{"id": 1', 'is no JSON', 'in quotes for the shell'],
  ['fines', '1', 'fines has a primary key of several columns.', 'Name the columns: {"room": …, "id": …}.'],
  ['fines', '{"room": 1}', 'room of public.fines may be the same in several rows.', 'Name the primary key'],
])('impact %s %s: %s', async (model, key, message, advice) => {
  const { code, err } = await impact(model, key);
  expect({ code, err: err.replace(/\s+/g, ' ') }).toEqual({
    code: 64,
    err: expect.stringContaining(message) as string,
  });
  expect(err.replace(/\s+/g, ' ')).toContain(advice);
});
