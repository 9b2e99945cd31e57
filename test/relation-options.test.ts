import { createGuard, type FkGuardOptions, type RelationOptions } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from './postgres/database';
import { dump } from './postgres/dump';
import { containing, silent } from './quarantine/setup';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase('relation_options');
  await database.query(`
    create table users (id int primary key);
    create table checkouts (id int primary key, user_id int);
    insert into users values (1);
    insert into checkouts values (1, 9)`);
});
afterAll(() => database.drop());

const ID = 'public.checkouts.user_id';
const guard = (options: FkGuardOptions) =>
  createGuard(
    {
      url: database.url,
      foreignKeys: [{ child: 'public.checkouts(user_id)', parent: 'public.users(id)', onDelete: 'CASCADE' }],
    },
    { logger: silent, ...options },
  );
const thrown = async (options: FkGuardOptions): Promise<unknown> =>
  Promise.resolve()
    .then(() => guard(options).apply())
    .catch((error: unknown) => error);

const createParent = () => ({});
test.each<readonly [RelationOptions, string]>([
  [{ reparent: 1, createParent }, '"createParent" makes the missing one; keep one'],
  [{ reparent: 1, orphans: 'delete' }, '"reparent" already says what happens to its orphans'],
  [{ reparent: 1, orphans: 'keep' }, '"reparent" already says what happens to its orphans'],
  [{ createParent, orphans: 'nullify' }, '"createParent" already says what happens to its orphans'],
  [{ disposable: true, reparent: 1 }, 'rows that are "disposable" need no parent'],
  [{ disposable: true, createParent }, 'rows that are "disposable" need no parent'],
  [{ disposable: true, remap: { using: 'select 1, 2' } }, '"remap" translates it'],
  [{ disposable: true, orphans: 'keep' }, `rows that are "disposable" may be thrown away`],
])('options that contradict each other are an error before anything is written: %j', async (own, words) => {
  const before = await dump(database);
  expect(await thrown({ relations: { [ID]: own } })).toMatchObject({
    code: 'OPTIONS',
    message: containing(`"relations.${ID}" contradicts itself: `),
  });
  expect(await thrown({ relations: { [ID]: own } })).toMatchObject({ message: containing(words) });
  expect(await dump(database)).toBe(before);
});

test('every contradiction is named at once', async () => {
  const all = {
    relations: { [ID]: { reparent: 1, createParent, disposable: true, orphans: 'keep' as const } },
  };
  expect(String((await thrown(all)) as Error).match(/contradicts itself/g)).toHaveLength(5);
});

test.each<readonly [RelationOptions]>([
  [{ reparent: 1, orphans: 'auto' }],
  [{ disposable: true, orphans: 'nullify' }],
  [{ disposable: false, reparent: 1 }],
])('these do not contradict each other: %j', async (own) => {
  await expect(guard({ relations: { [ID]: own } }).check()).resolves.toMatchObject({ schemaVersion: 1 });
});

test.each<readonly [unknown, string]>([
  [null, '"relations.public.checkouts.user_id.reparent"'],
  [Number.NaN, '"relations.public.checkouts.user_id.reparent"'],
  [[], '"relations.public.checkouts.user_id.reparent"'],
  [new Date(), '"relations.public.checkouts.user_id.reparent"'],
  [() => 1, '"relations.public.checkouts.user_id.reparent"'],
])('a reparent that cannot be a key is named', async (reparent, words) => {
  expect(await thrown({ relations: { [ID]: { reparent: reparent as number } } })).toMatchObject({
    code: 'OPTIONS',
    message: containing(words),
  });
});

test.each<readonly [string, string]>([
  [
    'chekouts',
    '"exclude" has the pattern "chekouts", and no model or table matches it; did you mean "checkouts"?',
  ],
  ['audit_*', '"exclude" has the pattern "audit_*", and no model or table matches it.'],
  ['other.checkouts', 'no model or table matches it'],
])('an exclude that matches nothing is an error before anything is written: %s', async (pattern, words) => {
  const before = await dump(database);
  expect(await thrown({ exclude: [{ pattern, because: 'history' }] })).toMatchObject({
    code: 'OPTIONS',
    message: containing(words),
  });
  expect(await dump(database)).toBe(before);
});

test.each(['checkouts', 'public.checkouts', 'check*', '*.users', 'user?'])(
  'an exclude that matches a child or a parent leaves the relation out: %s',
  async (pattern) => {
    expect((await guard({ exclude: [pattern] }).check()).summary.relations).toBe(0);
  },
);

test('include looks at what it names and at nothing else; a relation belongs to its child', async () => {
  for (const [include, relations] of [
    [['checkouts'], 1],
    [['users'], 0],
    [['public.*'], 1],
  ] as const)
    expect((await guard({ include }).check()).summary.relations).toBe(relations);
  expect((await guard({ include: ['*'], exclude: ['users'] }).check()).summary.relations).toBe(0);
  expect(await thrown({ include: ['checkout'] })).toMatchObject({
    code: 'OPTIONS',
    message: containing(
      '"include" has the pattern "checkout", and no model or table matches it; did you mean',
    ),
  });
});
