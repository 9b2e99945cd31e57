import { countOrphans } from '../../src/catalog/count-orphans';
import { sql } from '../../src/sql';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { reading, singleColumn } from './reading';

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase('orphan_plan');
  // Larger than min_parallel_table_scan_size (8 MB), so that a server considers workers.
  await database.query(`
    create table parents (id int primary key); insert into parents select generate_series(1, 60000);
    create table children (parent_id int not null, note text);
    insert into children select i % 60600, repeat('x', 40) from generate_series(1, 250000) i;
    analyze parents; analyze children`);
});
afterAll(() => database.drop());

/** The lines of the plan, for a count with so many samples. */
const planOf = async (samples: number): Promise<readonly string[]> => {
  const lines: string[] = [];
  await reading(database.url, (session) =>
    countOrphans(
      {
        ...session,
        async query(text) {
          const rows = await session.query(sql`explain (costs off) ${text}`);
          lines.push(...rows.map((row) => (row['QUERY PLAN'] ?? '').trim()));
          return [{ rows: '0' }];
        },
      },
      singleColumn('children', 'parents'),
      { samples },
    ),
  );
  return lines;
};

test.each([0, 5])('one anti-join with workers reads the children, once (%i samples)', async (samples) => {
  const plan = await planOf(samples);
  const scans = plan.filter((line) => line.includes(' on children'));
  expect(scans).toEqual(['->  Parallel Seq Scan on children fk_guard_child']);
  expect(plan).toEqual(
    expect.arrayContaining([expect.stringMatching(/^-> {2}(Parallel )?Hash (Right )?Anti Join$/)]),
  );
  expect(plan).toEqual(expect.arrayContaining([expect.stringMatching(/^Workers Planned: [1-9]$/)]));
});
