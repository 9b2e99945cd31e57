import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { dump } from '../postgres/dump';
import { guardFor, scriptCases, scriptFor } from '../script/cases';

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
function psql({ url }: TestDatabase, script: string) {
  const file = join(folder, 'plan.sql');
  writeFileSync(file, script);
  const { status, stdout, stderr } = spawnSync('psql', ['-X', '-f', file, url], { encoding: 'utf8' });
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
