import { createDatabase, type TestDatabase } from './database';
import { dump, dumpRows, dumpSchema } from './dump';

describe('the dump', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createDatabase('dump');
    await database.query(`
      create table "Parent" (id int primary key, t text not null default 'x');
      create table child (id int, "parentId" int constraint child_fkey references "Parent" on delete cascade);
      create index child_parent on child ("parentId");
      insert into "Parent" values (2, 'b'), (1, 'a')`);
  });
  afterEach(() => database.drop());

  it("says what there is in PostgreSQL's own words", async () => {
    expect(await dump(database)).toBe(
      [
        `public."Parent" id integer not null`,
        `public."Parent" t text not null default 'x'::text`,
        `public.child id integer`,
        `public.child "parentId" integer`,
        ``,
        `public."Parent" "Parent_pkey": PRIMARY KEY (id)`,
        `public.child child_fkey: FOREIGN KEY ("parentId") REFERENCES "Parent"(id) ON DELETE CASCADE`,
        ``,
        `CREATE INDEX child_parent ON public.child USING btree ("parentId")`,
        `CREATE UNIQUE INDEX "Parent_pkey" ON public."Parent" USING btree (id)`,
        ``,
        `"public"."Parent": 2`,
        `(1,a)`,
        `(2,b)`,
        ``,
        `"public"."child": 0`,
      ].join('\n'),
    );
  });

  it.each([
    'alter table child alter column "parentId" set not null',
    'alter table child alter column "parentId" type bigint',
    'alter table child drop constraint child_fkey',
    'alter table child drop constraint child_fkey, add constraint child_fkey foreign key ("parentId") references "Parent" on delete cascade not valid',
    'alter table child disable trigger all',
    'alter table child alter constraint child_fkey deferrable',
    'drop index child_parent',
    `update pg_index set indisvalid = false where indexrelid = 'child_parent'::regclass`,
    'create schema other; create table other.child (id int)',
  ])('sees: %s', async (change) => {
    const before = await dumpSchema(database);
    await database.query(change);
    expect(await dumpSchema(database)).not.toBe(before);
  });

  it.each([
    'insert into child values (1, 1)',
    `update "Parent" set t = 'c' where id = 1`,
    'delete from "Parent"',
  ])('sees the rows: %s', async (change) => {
    const [schema, rows] = [await dumpSchema(database), await dumpRows(database)];
    await database.query(change);
    expect(await dumpRows(database)).not.toBe(rows);
    expect(await dumpSchema(database)).toBe(schema);
  });

  it("leaves out the guard's own schema, and nothing that only begins like it", async () => {
    const before = await dump(database);
    await database.query('create schema fk_guard; create table fk_guard.run (id int primary key)');
    expect(await dump(database)).toBe(before);
    await database.query('create table public.fk_guard (id int)');
    expect(await dump(database)).not.toBe(before);
  });

  it('counts the rows of partitions and inheritance children once, and survives odd names', async () => {
    await database.query(`
      drop table child, "Parent";
      create table p (t text) partition by list (t);
      create table "p.""1" partition of p default;
      create table base (t int);
      create table derived () inherits (base);
      insert into p values ('x'), (null);
      insert into derived values (1)`);
    expect(await dumpRows(database)).toBe(
      [`"public"."base": 0`, '', `"public"."derived": 1`, '(1)', '', `"public"."p.""1": 2`, '()', '(x)'].join(
        '\n',
      ),
    );
  });
});
