import { createDatabase, type TestDatabase } from '../postgres/database';
import { cascade, connect, guardAt, pidOf, untilBlockedBy, type Key } from './setup';

/** A table that is so large that listed rows are gone to by their places, which PostgreSQL 12 does not look at twice. */
let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase('large_table');
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer, note text);
    create table low (id integer primary key, child_id integer references child on delete cascade);
    insert into parent select i from generate_series(1, 10000) i;
    insert into child select i, i, repeat('x', 100) from generate_series(1, 10010) i;
    insert into low values (1, 10001), (2, 10002)`);
  await database.query('vacuum analyze parent');
  await database.query('vacuum analyze child');
});
afterEach(() => database.drop());

const CASCADE = cascade('public.child(parent_id)', 'public.parent(id)');
const CASES: readonly (readonly [string, Key, boolean])[] = [
  ['nothing below it', CASCADE, true],
  ['rows below it', CASCADE, false],
  ['a key that is set to null', { ...CASCADE, onDelete: 'SET NULL' }, false],
];

test.each(CASES)(
  'an orphan that gets a parent while the batch waits for it stays as it is: %s',
  async (_, key, alone) => {
    if (alone) await database.query('drop table low');
    await database.query(
      `alter table child add constraint child_parent_id_fkey foreign key (parent_id) references parent on delete ${key.onDelete} not valid`,
    );
    const writer = await connect(database.url);
    await writer.query('begin; update child set parent_id = 1 where id = 10001');
    const applied = guardAt(database.url, [key], { lockTimeout: '10s' }).apply();
    await untilBlockedBy(database, await pidOf(writer));
    await writer.query('commit');
    await writer.end();
    const { status, rowsDeleted, rowsNullified } = await applied;
    expect({ status, rows: rowsDeleted + rowsNullified }).toEqual({ status: 'repaired', rows: 9 });
    expect(await database.query('select parent_id from child where id = 10001')).toEqual([{ parent_id: 1 }]);
    expect(
      await database.query(
        `select from fk_guard.quarantine where row_data ->> 'id' = '10001' and table_name = 'child'`,
      ),
    ).toEqual([]);
  },
);
