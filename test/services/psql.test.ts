import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { dump } from '../postgres/dump';
import { guardFor, scriptCases, scriptFor, SMALL } from '../script/cases';

let folder: string;
let databases: TestDatabase[] = [];
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'fk-guard-psql-'))));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(async () => {
  await Promise.all(databases.map((database) => database.drop()));
  databases = [];
});

async function damaged(schema: string): Promise<TestDatabase> {
  const database = await createDatabase('psql');
  databases.push(database);
  await database.query(schema);
  return database;
}

/** The real psql, as the script's first lines say. */
function psql({ url }: TestDatabase, script: string, ...options: readonly string[]) {
  const file = join(folder, 'plan.sql');
  writeFileSync(file, script);
  const { status, stdout, stderr } = spawnSync('psql', ['-X', ...options, '-f', file, url], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('psql', () => {
  it.each(scriptCases)('does what apply does: $title', async (one) => {
    const byScript = await damaged(one.schema);
    const byApply = await damaged(one.schema);
    const ended = psql(byScript, await scriptFor(one, byScript));
    expect(ended).toMatchObject({ status: 0 });
    expect(ended.stderr).not.toMatch(/ERROR|unrecognized|invalid command/);
    expect(await guardFor(one, byApply.url).apply()).toMatchObject({ status: 'repaired' });
    expect(await dump(byScript)).toBe(await dump(byApply));
  });

  it.each(
    [
      ['-1'],
      ['-S'],
      ['-v', 'AUTOCOMMIT=off'],
      ['-v', 'ON_ERROR_ROLLBACK=on'],
      ['-v', 'FETCH_COUNT=1'],
      ['-c', 'begin isolation level repeatable read', '-c', 'select 1'],
    ].map((options) => [options.join(' '), options] as const),
  )('does it under %s as well', async (_, options) => {
    const database = await damaged(SMALL.schema);
    const ended = psql(database, await scriptFor(SMALL, database), ...options);
    expect(ended).toMatchObject({ status: 0 });
    const left = 'select string_agg(id::text, $$ $$ order by id) as ids from checkouts';
    expect(await database.query(left)).toEqual([{ ids: '1 2' }]);
    const run = 'select status, (select count(*)::int from fk_guard.quarantine) as copies from fk_guard.run';
    expect(await database.query(run)).toEqual([{ status: 'repaired', copies: 1 }]);
  });

  it('stops under them as well', async () => {
    const database = await damaged(SMALL.schema);
    const script = await scriptFor(SMALL, database);
    await database.query('insert into checkouts values (4, 98)');
    for (const options of [['-1'], ['-v', 'ON_ERROR_STOP=off'], ['-v', 'AUTOCOMMIT=off']])
      expect(psql(database, script, ...options)).toMatchObject({ status: 3 });
    expect(await database.query('select count(*)::int as n from checkouts')).toEqual([{ n: 4 }]);
  });

  it('stops at the first error, and leaves with 3', async () => {
    const [one] = scriptCases;
    if (!one) throw new Error('no case');
    const database = await damaged(one.schema);
    const script = await scriptFor(one, database);
    await database.query('insert into checkouts (id, user_id) values (0, -1)');
    const ended = psql(database, script);
    expect(ended).toMatchObject({ status: 3 });
    expect(ended.stderr).toContain('More rows of public.checkouts are orphans than when the plan was made.');
    expect(await database.query('select count(*)::int as n from checkouts')).toEqual([{ n: 1401 }]);
  });
});
