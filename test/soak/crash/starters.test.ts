import {
  createDatabase,
  createTemplate,
  SERVER_VARIABLE,
  TEMPLATE_VARIABLE,
  type TestDatabase,
} from '../../postgres/database';
import { startEmbedded, type Embedded } from '../../postgres/embedded';
import { times } from '../soak';
import { startAtOnce, type Ended } from './starters';
import { stateOf } from './state';

const STARTERS = times(32, 8);
/** Sequelize's pool of five, and the two sessions of the guard. */
const CONNECTIONS = STARTERS * 7 + 20;

let server: Embedded;
let one: TestDatabase;
let many: TestDatabase;
beforeAll(async () => {
  server = await startEmbedded(undefined, [`max_connections=${CONNECTIONS}`]);
  process.env[SERVER_VARIABLE] = server.url;
  process.env[TEMPLATE_VARIABLE] = await createTemplate(server.url);
});
afterAll(() => server.stop());
beforeEach(async () => ([one, many] = await Promise.all([createDatabase('one'), createDatabase('many')])));
afterEach(() => Promise.all([one.drop(), many.drop()]));

/** Starts both applications once, so that their tables are there, and then does this to them. */
async function prepare(sql: string): Promise<void> {
  for (const database of [one, many]) {
    await startAtOnce(1, database.url);
    await database.query(sql);
  }
}

/** One instance on its own database, and all of the others at once on the other: nothing may tell the two apart. */
async function expectOneRepair(repaired: number): Promise<void> {
  const [alone] = await startAtOnce(1, one.url);
  const all = await startAtOnce(STARTERS, many.url);
  process.stderr.write(`${timesOf(all)}\n`);
  expect(all.map(({ exit }) => exit)).toEqual(Array.from(all, () => [0, null]));
  expect(all.filter(({ started }) => started?.status === 'repaired')).toHaveLength(repaired);
  expect(all.filter(({ started }) => started?.status === 'clean')).toHaveLength(STARTERS - repaired);
  const said = (ended: Ended | undefined): string =>
    (ended?.stderr ?? '').replaceAll(/[0-9a-f-]{36}/g, '<run>').replaceAll(/\(node:\d+\)/g, '');
  expect(all.map(said).filter((text) => text !== '')).toEqual(
    [alone].map(said).filter((text) => text !== ''),
  );
  expect(await stepsOf(many)).toEqual(await stepsOf(one));
  expect(await stateOf(many)).toEqual(await stateOf(one));
}

/** What was done, each step as often as it was done, with its rows. */
const stepsOf = (database: TestDatabase): Promise<unknown> =>
  database.query(
    `select title, status, rows::int, count(*)::int as times from fk_guard.step group by 1, 2, 3 order by title collate "C"`,
  );

const timesOf = (all: readonly Ended[]): string =>
  `waited for another guard, of ms to start: ${all
    .map(({ started }) => `${started?.waitedMs}/${started?.ms}`)
    .join(' ')}`;

test('on an empty database', () => expectOneRepair(1));

test('on a healthy database', async () => {
  await prepare(ROWS);
  await expectOneRepair(0);
});

test('on a broken database', async () => {
  await prepare(`${ROWS} ${DAMAGE}`);
  await expectOneRepair(1);
  expect(
    await many.query(`select (select count(*)::int from "Checkouts") as checkouts, (select count(*)::int from "Fines") as fines,
      (select count(*)::int from "Reviews" where "userId" is null) as nobodys, (select count(*)::int from fk_guard.quarantine) as copies`),
  ).toEqual([{ checkouts: 95, fines: 95, nobodys: 5, copies: 16 }]);
});

const AT = `'2026-01-01', '2026-01-01'`;
const ROWS = `
  insert into "Users" (id, name, email, "createdAt", "updatedAt") select i, 'n', i || '@x', ${AT} from generate_series(1, 100) i;
  insert into "Books" (id, title, isbn, "createdAt", "updatedAt") select i, 't', 'isbn-' || i, ${AT} from generate_series(1, 100) i;
  insert into "Checkouts" (id, "userId", "bookId", "dueAt", "createdAt", "updatedAt") select i, i, i, '2026-01-01', ${AT} from generate_series(1, 100) i;
  insert into "Fines" (id, "checkoutId", cents, "createdAt", "updatedAt") select i, i, 1, ${AT} from generate_series(1, 100) i;
  insert into "Reviews" (id, "userId", "bookId", stars, text, "createdAt", "updatedAt") select i, i, i, 5, $$t$$, ${AT} from generate_series(1, 100) i;`;

/** Orphans with a level below them, a key that is missing, one of the wrong action, two on one column, and text for numbers. */
const DAMAGE = `
  alter table "Checkouts" drop constraint "Checkouts_userId_fkey", drop constraint "Checkouts_bookId_fkey",
    add constraint "Checkouts_bookId_fkey" foreign key ("bookId") references "Books" on update cascade;
  alter table "Fines" add constraint rival foreign key ("checkoutId") references "Checkouts" on delete cascade;
  alter table "Reviews" drop constraint "Reviews_userId_fkey", drop constraint "Reviews_bookId_fkey", alter "bookId" type text;
  update "Reviews" set "bookId" = '07' where id = 7;
  delete from "Users" where id <= 5`;
