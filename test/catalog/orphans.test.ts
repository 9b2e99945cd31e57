import type { OrphanCondition } from '../../src/changes/change';
import { countRows } from '../../src/catalog/count-rows';
import { countOrphans, type CountOptions } from '../../src/catalog/count-orphans';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { inPublic, plainEquals, reading, singleColumn as simple } from './reading';

describe('orphans', () => {
  let database: TestDatabase;
  const counted = (condition: OrphanCondition, options: CountOptions = { samples: 5 }) =>
    reading(database.url, (session) => countOrphans(session, condition, options));

  beforeAll(async () => {
    database = await createDatabase('catalog_orphans');
    await database.query(`
      create table ints (id int primary key); insert into ints values (1), (2), (3);
      create table of_ints (parent_id bigint); insert into of_ints values (1), (1), (2), (null), (30), (30), (4), (0), (-1);
      create table uuids (id uuid primary key); insert into uuids values ('11111111-1111-1111-1111-111111111111');
      create table of_uuids (parent_id uuid);
      insert into of_uuids values ('11111111-1111-1111-1111-111111111111'), ('00000000-0000-0000-0000-000000000000'), ('22222222-2222-2222-2222-222222222222');
      create table texts (id text primary key); insert into texts values ('a'), ('"; drop table texts; --');
      create table of_texts (parent_id varchar(40) collate "und-x-icu"); insert into of_texts values ('a'), (''), ('B'), ('b'), ('Ä"''\\'), ('"; drop table texts; --');
      create table pairs (a int, b text, primary key (a, b)); insert into pairs values (1, 'x'), (2, 'y');
      create table of_pairs (p_b text, p_a int);
      insert into of_pairs values ('x', 1), ('y', 1), ('y', 1), (null, 9), ('q', null), (null, null), ('x, z', 2);
      create table nobody (id int primary key); create table of_nobody (parent_id int); insert into of_nobody values (7);
      create table whole (id int primary key) partition by range (id);
      create table part partition of whole for values from (0) to (10); insert into whole values (1);
      create table of_whole (parent_id int); insert into of_whole values (1), (2)`);
  });
  afterAll(() => database.drop());

  it('counts rows, placeholders and different keys', async () => {
    expect(await counted(simple('of_ints', 'ints'))).toEqual({
      rows: 5,
      sentinelRows: 2,
      sentinels: [
        { value: '-1', rows: 1 },
        { value: '0', rows: 1 },
      ],
      parentIsEmpty: false,
      samples: ['-1', '0', '30', '4'],
    });
  });

  it('gives the same numbers without samples, and no more samples than asked for', async () => {
    const condition = simple('of_ints', 'ints');
    expect(await counted(condition, { samples: 0 })).toMatchObject({
      rows: 5,
      sentinelRows: 2,
      sentinels: [
        { value: '-1', rows: 1 },
        { value: '0', rows: 1 },
      ],
      samples: [],
    });
    expect(await counted(condition, { samples: 2 })).toMatchObject({
      rows: 5,
      sentinelRows: 2,
      samples: ['-1', '0'],
    });
  });

  it('stops at the first orphan when it is only asked whether there is one', async () => {
    expect(await counted(simple('of_ints', 'ints'), { samples: 0, probe: true })).toMatchObject({
      rows: 1,
    });
    await database.query('create table clean (parent_id int); insert into clean values (1), (null)');
    expect(await counted(simple('clean', 'ints'), { samples: 0, probe: true })).toMatchObject({ rows: 0 });
  });

  it('counts uuids and texts, with the nil uuid and the empty string as placeholders', async () => {
    expect(await counted(simple('of_uuids', 'uuids'))).toMatchObject({
      rows: 2,
      sentinelRows: 1,
      sentinels: [{ value: '00000000-0000-0000-0000-000000000000', rows: 1 }],
      samples: ['00000000-0000-0000-0000-000000000000', '22222222-2222-2222-2222-222222222222'],
    });
    expect(await counted(simple('of_texts', 'texts'))).toMatchObject({
      rows: 4,
      sentinelRows: 1,
      sentinels: [{ value: '', rows: 1 }],
      samples: ['', 'B', 'b', 'Ä"\'\\'],
    });
  });

  it('takes a composite key with a null for no key at all (MATCH SIMPLE)', async () => {
    const condition: OrphanCondition = {
      child: inPublic('of_pairs'),
      childColumns: ['p_a', 'p_b'],
      parent: inPublic('pairs'),
      parentColumns: ['a', 'b'],
      equality: [plainEquals, plainEquals],
    };
    expect(await counted(condition)).toEqual({
      rows: 3,
      sentinelRows: 0,
      sentinels: [],
      parentIsEmpty: false,
      samples: ['(1, y)', '(2, x, z)'],
    });
  });

  it('says that the parent is empty, and counts nothing more when there are no orphans', async () => {
    expect(await counted(simple('of_nobody', 'nobody'))).toMatchObject({
      rows: 1,
      parentIsEmpty: true,
    });
    expect(await counted(simple('clean', 'ints'))).toEqual({
      rows: 0,
      sentinelRows: 0,
      sentinels: [],
      parentIsEmpty: false,
      samples: [],
    });
  });

  it('counts a table to its end, or as far as it is asked to', async () => {
    const rowsOf = (table: string, most?: number) =>
      reading(database.url, (session) => countRows(session, inPublic(table), most));
    expect(await rowsOf('of_ints')).toBe(9);
    expect(await rowsOf('of_ints', 9)).toBe(9);
    expect(await rowsOf('of_ints', 4)).toBe(4);
    expect(await rowsOf('whole', 4)).toBe(1);
  });

  it('finds parents in every partition', async () => {
    expect(await counted(simple('of_whole', 'whole'))).toMatchObject({ rows: 1, samples: ['2'] });
  });

  it('refuses a condition whose lists do not fit together', async () => {
    await expect(counted({ ...simple('of_ints', 'ints'), equality: [] })).rejects.toThrow(
      /an equality for each/,
    );
    await expect(
      counted({ ...simple('of_ints', 'ints'), childColumns: [], parentColumns: [], equality: [] }),
    ).rejects.toThrow();
  });
});
