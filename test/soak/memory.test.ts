import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { measure } from './memory/peak';
import { times } from './soak';

const MOST_MB = 200;
const CHILDREN = times(5_000_000, 200_000);
/** Every tenth child is an orphan. */
const ORPHANS = CHILDREN / 10;

let database: TestDatabase;
let folder: string;
let before: object;
beforeAll(async () => {
  database = await createDatabase('memory');
  folder = mkdtempSync(join(tmpdir(), 'fk-guard-memory-'));
  const key = { child: 'public.child(parent_id)', parent: 'public.parent(id)', onDelete: 'CASCADE' };
  writeFileSync(
    join(folder, 'fk-guard.config.json'),
    JSON.stringify({ url: database.url, foreignKeys: [key] }),
  );
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer, parent_id integer, note text);
    insert into parent select i from generate_series(1, 10000) i where i % 10 > 0;
    insert into child select i, 1 + i % 10000, 'note of ' || i from generate_series(1, ${CHILDREN}) i;
    alter table child add primary key (id);
    create index on child (parent_id);
    analyze`);
  before = await contents();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

/** How many rows, how many orphans, and a sum over the text of all of them. */
const contents = async (): Promise<object> =>
  (
    await database.query(`
      select count(*)::int as rows, count(*) filter (where parent_id % 10 = 0)::int as orphans,
             sum(hashtextextended(c::text, 0))::text as digest from child c`)
  )[0] ?? {};

/** As `npx fk-guard` does it; says what it took. */
async function command(...args: string[]) {
  const done = await measure(args, folder);
  const { peakMb, seconds } = done;
  console.log(`fk-guard ${args[0]}: ${CHILDREN} children, ${ORPHANS} orphans: ${peakMb} MB in ${seconds} s`);
  return done;
}

test('a clean-up stays small, however many rows it copies and removes', async () => {
  const { peakMb, ...done } = await command('apply', '--yes', '--accept-data-loss');
  expect(done).toMatchObject({ status: 0 });
  expect(peakMb).toBeLessThan(MOST_MB);
  expect(await contents()).toMatchObject({ rows: CHILDREN - ORPHANS, orphans: 0 });
  expect(await database.query('select count(*)::int as rows from fk_guard.quarantine')).toEqual([
    { rows: ORPHANS },
  ]);
});

test('so does putting all of them back', async () => {
  await database.query('alter table child drop constraint child_parent_id_fkey');
  const [run] = await database.query<{ id: string }>('select id from fk_guard.run');
  const { peakMb, ...done } = await command('restore', run?.id ?? '');
  expect(done).toMatchObject({ status: 0 });
  expect(await contents()).toEqual(before);
  expect(peakMb).toBeLessThan(MOST_MB);
});
