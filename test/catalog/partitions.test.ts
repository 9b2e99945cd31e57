import type { Catalog } from '../../src/catalog/catalog';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { keyOf, lookAt, tableOf } from './reading';

describe('partitions, inheritance and keys that are not enforced', () => {
  let database: TestDatabase;
  let catalog: Catalog;

  beforeAll(async () => {
    database = await createDatabase('catalog_partitions');
    await database.query(`
      create table whole (id int primary key) partition by range (id);
      create table part_1 partition of whole for values from (0) to (100);
      create table part_2 partition of whole for values from (100) to (200) partition by range (id);
      create table part_2a partition of part_2 for values from (100) to (200);
      create table log (whole_id int constraint log_key references whole, at int) partition by list (at);
      create table log_1 partition of log for values in (1);
      create table quiet (whole_id int constraint quiet_key references whole, at int) partition by list (at);
      create table quiet_1 partition of quiet for values in (1);
      alter table quiet_1 disable trigger all;
      create table base (id int primary key);
      create table second_base (id int);
      create table derived () inherits (base, second_base);
      create table childless (id int primary key);
      create table gone () inherits (childless);
      drop table gone;
      create table flag (base_id int)`);
    const [row] = await database.query<{ v: string }>("select current_setting('server_version_num') as v");
    const kind = Number(row?.v) >= 180000 ? 'not enforced' : 'not valid';
    await database.query(
      `alter table flag add constraint flag_key foreign key (base_id) references base ${kind}`,
    );
    catalog = await lookAt(database.url);
  });
  afterAll(() => database.drop());

  it('flags every key that belongs to another one', async () => {
    const rows = await database.query<{ name: string; child: string }>(
      `select conname as name, conrelid::regclass::text as child from pg_constraint where contype = 'f' and conparentid <> 0`,
    );
    const inherited = catalog.foreignKeys
      .filter((key) => key.inherited)
      .map((key) => `${key.child.name}.${key.name}`);
    expect(inherited.sort()).toEqual(rows.map((row) => `${row.child}.${row.name}`).sort());
    expect(inherited).toContain('log_1.log_key');
    expect(keyOf(catalog, 'log_key', 'log')).toMatchObject({
      inherited: false,
      parent: { schema: 'public', name: 'whole' },
    });
  });

  it('takes a key for open when the trigger of one partition is off', () => {
    expect(keyOf(catalog, 'quiet_key', 'quiet').triggersEnabled).toBe(false);
    expect(keyOf(catalog, 'log_key', 'log').triggersEnabled).toBe(true);
  });

  it('says what a partition is part of', () => {
    expect(tableOf(catalog, 'whole')).toMatchObject({ kind: 'partitioned table', inherited: false });
    expect(tableOf(catalog, 'whole').partitionOf).toBeUndefined();
    expect(tableOf(catalog, 'part_2')).toMatchObject({
      kind: 'partitioned table',
      partitionOf: { schema: 'public', name: 'whole' },
    });
    expect(tableOf(catalog, 'part_2a')).toMatchObject({
      kind: 'table',
      partitionOf: { schema: 'public', name: 'part_2' },
    });
  });

  it('sees inheritance children that exist, and no others', () => {
    expect(tableOf(catalog, 'base').inherited).toBe(true);
    expect(tableOf(catalog, 'derived')).toMatchObject({ inherited: false });
    expect(tableOf(catalog, 'derived').partitionOf).toBeUndefined();
    expect(tableOf(catalog, 'childless').inherited).toBe(false);
  });

  it('sees a key that is not enforced (PostgreSQL 18)', () => {
    const enforced = catalog.server.version < 180000;
    expect(keyOf(catalog, 'flag_key')).toMatchObject({ enforced, validated: false, triggersEnabled: true });
  });
});
