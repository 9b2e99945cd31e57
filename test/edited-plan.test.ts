import type { FkGuard, Plan } from 'sequelize-fk-guard';
import { sealed } from '../src/reviewed-plan';
import { createDatabase, type TestDatabase } from './postgres/database';
import { dump } from './postgres/dump';
import { guardAt } from './quarantine/setup';

let database: TestDatabase;
let guard: FkGuard;
let plan: Plan;
let before: string;

beforeAll(async () => {
  database = await createDatabase('edited-plan');
  await database.query(`
    create table users (id int primary key, name text);
    create table checkouts (id int primary key, user_id int);
    create table notes (id int primary key, user_id int);
    insert into users values (1, 'a'), (2, 'b');
    insert into checkouts values (1, 1), (2, 8);
    insert into notes select i, 1 from generate_series(1, 9) i;
    insert into notes values (10, 9)`);
  guard = guardAt(
    database.url,
    [
      { child: 'public.checkouts(user_id)', parent: 'public.users(id)', onDelete: 'RESTRICT' },
      { child: 'public.notes(user_id)', parent: 'public.users(id)', onDelete: 'CASCADE' },
    ],
    { relations: { 'public.checkouts.user_id': { createParent: () => ({ name: 'found again' }) } } },
  );
  plan = JSON.parse(JSON.stringify(await guard.plan())) as Plan;
  before = await dump(database);
});
afterAll(() => database.drop());

const replaced = (from: string, to: string): unknown => JSON.parse(JSON.stringify(plan).replaceAll(from, to));

describe('a plan whose file was edited is refused, and nothing is done', () => {
  it.each<[string, () => unknown]>([
    ['another table in its changes', () => replaced('"checkouts"', '"users"')],
    ['another parent to be made', () => replaced('found again', 'somebody else')],
    ['another statement', () => replaced('on delete cascade', 'on delete set null')],
    ['another title', () => replaced('orphans of', 'nothing of')],
    ['more rows', () => replaced('"rows":1', '"rows":1000')],
    ['another database', () => replaced(plan.database.name, 'other')],
    ['one step less', () => ({ ...plan, steps: plan.steps.slice(1) })],
    ['one field more', () => ({ ...plan, note: 'reviewed by me' })],
    [
      'a key that would change every object',
      (): unknown => JSON.parse(`{"__proto__":{"rows":0},${JSON.stringify(plan).slice(1)}`),
    ],
    ['no seal', () => ({ ...plan, seal: undefined })],
    ['nothing of a plan', () => ({})],
    ['no plan', () => 'plan.json'],
    ['null', () => null],
  ])('%s', async (_title, edited) => {
    await expect(guard.apply(edited() as Plan)).rejects.toMatchObject({ code: 'PLAN_INVALID' });
    expect(await dump(database)).toBe(before);
  });

  it('and so is one that holds itself', async () => {
    const endless: Record<string, unknown> = { ...plan };
    endless['plan'] = endless;
    await expect(guard.apply(endless as unknown as Plan)).rejects.toMatchObject({ code: 'PLAN_INVALID' });
    expect(await dump(database)).toBe(before);
  });
});

it('does what was planned and nothing else when an edited plan is sealed again', async () => {
  const { seal: _seal, ...edited } = replaced('"name":"notes"', '"name":"users"') as Plan;
  const outcome = await guard.apply(sealed(edited));
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 1, parentsCreated: 1 });
  expect(await database.query('select id, name from users order by id')).toEqual([
    { id: 1, name: 'a' },
    { id: 2, name: 'b' },
    { id: 8, name: 'found again' },
  ]);
  expect(await database.query('select count(*)::int as rows from notes')).toEqual([{ rows: 9 }]);
});

it('takes the same plan in whatever order a tool has written its fields', async () => {
  const planned = await guard.plan();
  const reversed = Object.fromEntries(Object.entries(planned).toReversed()) as unknown as Plan;
  await expect(guard.apply(reversed)).resolves.toMatchObject({ status: 'clean' });
});
