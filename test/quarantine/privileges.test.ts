import { createDatabase, type TestDatabase } from '../postgres/database';
import { dump } from '../postgres/dump';
import { cascade, guardAt, rowsOf, type Key } from './setup';

let database: TestDatabase;
let role: { readonly name: string; readonly url: string };

/** The role owns the child. Parent and what is below belong to somebody else, in a schema of their own. */
beforeEach(async () => {
  database = await createDatabase('rights');
  role = await database.createRole();
  await database.query(`
    create schema app; create schema fk_guard;
    create table app.parent (id integer primary key);
    create table app.child (id integer primary key, parent_id integer);
    create table app.low (id integer primary key, child_id integer references app.child on delete cascade);
    create table app.noted (child_id integer references app.child on delete set null);
    create table app.kept (child_id integer references app.child);
    insert into app.parent select i from generate_series(1, 100) i;
    insert into app.child select i, i from generate_series(1, 104) i;
    insert into app.low select i, i from generate_series(1, 104) i;
    insert into app.noted values (104);
    create index on app.low (child_id); create index on app.noted (child_id); create index on app.kept (child_id)`);
  for (const grant of GRANTS) await database.query(as(grant));
});
afterEach(() => database.drop());

const KEY = cascade('app.child(parent_id)', 'app.parent(id)');
const as = (statement: string): string => statement.replaceAll('ROLE', `"${role.name}"`);

/** Exactly what the role needs for this repair. */
const GRANTS = [
  'grant usage, create on schema fk_guard to ROLE',
  'grant usage, create on schema app to ROLE',
  'alter table app.child owner to ROLE',
  'grant select, references, update on app.parent to ROLE',
  'grant select, update on app.low to ROLE',
  'grant select, update on app.noted to ROLE',
  'grant select, update on app.kept to ROLE',
];

const apply = (key: Key = KEY) =>
  guardAt(role.url, [key], { indexes: 'create' })
    .apply()
    .catch((error: unknown) => error);

test('a role with exactly these rights repairs everything', async () => {
  expect(await apply()).toMatchObject({
    status: 'repaired',
    rowsDeleted: 4,
    rowsQuarantined: 9,
    remaining: [],
  });
  expect(await rowsOf(database, 'app.child')).toHaveLength(100);
});

interface Missing {
  readonly revoke: string;
  readonly lacks: string;
  readonly mend: string;
}

const MISSING: readonly Missing[] = [
  {
    revoke: 'alter table app.child owner to postgres; grant select, update, delete on app.child to ROLE',
    lacks: 'ownership of app.child',
    mend: 'grant "postgres" to ROLE',
  },
  {
    revoke: 'revoke references on app.parent from ROLE',
    lacks: 'REFERENCES on app.parent',
    mend: 'grant references on "app"."parent" to ROLE',
  },
  {
    revoke: 'revoke update on app.parent from ROLE',
    lacks: 'UPDATE (to lock it) on app.parent',
    mend: 'grant update on "app"."parent" to ROLE',
  },
  {
    revoke: 'revoke update on app.low from ROLE',
    lacks: 'UPDATE on app.low',
    mend: 'grant update on "app"."low" to ROLE',
  },
  {
    revoke: 'revoke update on app.noted from ROLE',
    lacks: 'UPDATE on app.noted',
    mend: 'grant update on "app"."noted" to ROLE',
  },
  {
    revoke: 'revoke select on app.kept from ROLE',
    lacks: 'SELECT on app.kept',
    mend: 'grant select on "app"."kept" to ROLE',
  },
  {
    revoke: 'revoke update on app.kept from ROLE',
    lacks: 'UPDATE (to lock it) on app.kept',
    mend: 'grant update on "app"."kept" to ROLE',
  },
  {
    revoke: 'revoke create on schema app from ROLE',
    lacks: 'CREATE on the schema app',
    mend: 'grant create on schema "app" to ROLE',
  },
  {
    revoke: 'revoke create on schema fk_guard from ROLE',
    lacks: 'CREATE on the schema fk_guard',
    mend: 'grant create on schema "fk_guard" to ROLE',
  },
  {
    revoke: 'drop schema fk_guard',
    lacks: 'CREATE on the database DATABASE (for the schema fk_guard)',
    mend: 'grant create on database "DATABASE" to ROLE',
  },
];

/** Everything that a run could have left behind. */
const picture = async (): Promise<readonly unknown[]> => [
  await dump(database),
  await database.query(`select nspname from pg_namespace where nspname !~ '^pg_' order by 1`),
  await database.query(
    `select relname from pg_class where relnamespace = to_regnamespace('fk_guard') order by 1`,
  ),
];

/** What is said of it all: the error, or the warnings and the outcome of a run that leaves something out. */
const said = (result: unknown): string =>
  JSON.stringify([result, String(result), result instanceof Error ? result.message : '']);
const written = (text: string): string =>
  JSON.stringify(text.replaceAll('DATABASE', database.name).replaceAll('ROLE', `"${role.name}"`)).slice(
    1,
    -1,
  );

test.each(MISSING)(
  '$lacks is told before anything is changed, with what mends it',
  async ({ revoke, lacks, mend }) => {
    await database.query(as(revoke));
    const before = await picture();
    const rows = await rowsOf(database, 'app.child');
    const guard = guardAt(role.url, [KEY], { indexes: 'create' });
    // The list comes before the first step, in one piece; or as the error, when nothing is left to do.
    let atWarning: readonly unknown[] = [];
    const told: string[] = [];
    guard.on('warning', ({ message }) => told.push(message));
    guard.on('step', () => (atWarning = [...told]));
    const result: unknown = await guard.apply().catch((error: unknown) => error);
    expect(result instanceof Error ? await picture() : before).toEqual(before);
    const list = result instanceof Error ? said(result) : said(atWarning);
    expect(list).toContain(written(`The role ${role.name} lacks: ${lacks}.`));
    expect(list).toContain(written(`(${mend})`));
    // The clean-up does without the index; everything else is something that it rests on.
    const left = lacks === 'CREATE on the schema app' ? rows : await rowsOf(database, 'app.child');
    expect(left).toEqual(rows);

    await database.query(as(mend.replaceAll('DATABASE', database.name)));
    expect(await apply()).toMatchObject({ status: 'repaired', remaining: [] });
    expect(await rowsOf(database, 'app.child')).toHaveLength(100);
  },
);

test.each([
  ['select on app.low', 'SELECT on app.low', 'grant select on "app"."low" to ROLE'],
  ['select on app.parent', 'SELECT on app.parent', 'grant select on "app"."parent" to ROLE'],
  ['usage on schema app', 'USAGE on the schema app', 'grant usage on schema "app" to ROLE'],
])('without %s the rows are not judged, and the refusal says why', async (right, lacks, mend) => {
  await database.query(as(`revoke ${right} from ROLE`));
  const rows = await rowsOf(database, 'app.child');
  const report = await guardAt(role.url, [KEY]).check();
  const refusals = report.findings.flatMap(({ refusal }) => refusal?.message ?? []);
  expect(said(refusals)).toContain(written(`the role ${role.name} lacks ${lacks} (${mend})`));
  await apply();
  expect(await rowsOf(database, 'app.child')).toEqual(rows);
  await database.query(as(mend));
  expect(await apply()).toMatchObject({ status: 'repaired', remaining: [] });
});

test('what is missing on the tables of the ledger is told as well', async () => {
  await guardAt(database.url, [KEY]).apply();
  await database.query(
    'insert into app.child values (200, 200)'.replace(
      'insert',
      'alter table app.child drop constraint child_parent_id_fkey; insert',
    ),
  );
  await database.query(
    as(
      'grant select, update on fk_guard.quarantine to ROLE; grant select, insert, update on fk_guard.run to ROLE',
    ),
  );
  const before = await picture();
  expect(await apply()).toMatchObject({
    code: 'PRIVILEGE',
    message: `The role ${role.name} lacks: SELECT on fk_guard.step; INSERT on fk_guard.step; INSERT on fk_guard.quarantine; DELETE on fk_guard.quarantine.`,
  });
  expect(await picture()).toEqual(before);
});
