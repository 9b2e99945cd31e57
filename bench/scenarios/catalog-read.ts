import { createGuard } from 'sequelize-fk-guard';
import { withSql } from '../../app/demo/sql';
import type { Scenario } from '../core/bench';
import { withCatalogReader } from '../core/catalog-reader';
import { atMost } from '../core/figures';
import { compare, timed } from '../core/measure';
import { silent } from '../core/silent';

/** How many tables one transaction may make without more memory for locks than a server has by default. */
const AT_ONCE = 500;

/** What a look needs of a healthy schema: names, types, nullability, indexes, keys and whether their triggers fire, triggers. */
const BY_HAND = `
  with tables as materialized (
    select pg_class.oid, nspname, relname, relkind, reltuples
      from pg_class join pg_namespace on pg_namespace.oid = relnamespace
     where relkind in ('r', 'p', 'v', 'm', 'f') and nspname <> 'information_schema' and nspname !~ '^pg_'),
  columns as (
    select attrelid, json_agg(json_build_array(attname, format_type(atttypid, atttypmod), attnotnull) order by attnum) as list
      from pg_attribute where attrelid = any (array(select oid from tables)) and attnum > 0 and not attisdropped group by attrelid),
  indexes as (
    select indrelid, json_agg(json_build_array(relname, indkey::text, indisunique, indisprimary, indisvalid)) as list
      from pg_index join pg_class on pg_class.oid = indexrelid
     where indrelid = any (array(select oid from tables)) group by indrelid),
  unfenced as (
    select distinct tgconstraint from pg_trigger where tgconstraint <> 0 and tgenabled in ('D', 'R')),
  keys as (
    select conrelid, json_agg(json_build_array(conname, confrelid, conkey, confkey, confdeltype, confupdtype, convalidated,
                                               tgconstraint is null, pg_get_constraintdef(oid))) as list
      from pg_constraint left join unfenced on tgconstraint = oid where contype = 'f' group by conrelid),
  triggers as (
    select tgrelid, json_agg(json_build_array(tgname, tgtype)) as list
      from pg_trigger where not tgisinternal and tgenabled in ('O', 'A') group by tgrelid)
  select tables.*, columns.list as columns, indexes.list as indexes, keys.list as keys, triggers.list as triggers
    from tables
    left join columns on attrelid = tables.oid
    left join indexes on indrelid = tables.oid
    left join keys on conrelid = tables.oid
    left join triggers on tgrelid = tables.oid`;

/** How long a look at a large schema takes whose rows need not be looked at. */
export const catalogRead: Scenario = {
  name: 'catalog-read',
  async rows(bench) {
    const { catalogTables, rounds } = bench.size;
    const tables = `${catalogTables.toLocaleString('en-US')} tables`;
    return bench.fill([...schemaOf(catalogTables)], ({ url }) =>
      withCatalogReader(async (reader) => {
        const [read, byHand, check] = await compare(
          [
            { name: "the guard's read", run: () => reader(url, timed) },
            { name: 'one query by hand', run: () => queryByHand(url) },
            { name: 'guard.check()', run: () => checkOneKey(url) },
          ] as const,
          2 * rounds + 1,
        );
        const row = { scenario: 'catalog-read', unit: 'ms' } as const;
        return [
          {
            ...row,
            title: `catalog read, ${tables}`,
            figures: [read, byHand],
            asked: atMost(1.3),
            note: 'without their connection',
          },
          {
            ...row,
            title: `a check of one key, ${tables}`,
            figures: [check, byHand],
            note: 'guard.check() with its connection',
          },
        ];
      }),
    );
  },
};

/** Under the same settings as the guard's, and with its JSON parsed: what is read is there to be used. */
const queryByHand = (url: string): Promise<number> =>
  withSql(url, async (sql) => {
    for (const setting of ['begin read only', 'set local jit = off', 'set local search_path = pg_catalog'])
      await sql.rows(setting);
    return timed(() => sql.rows(BY_HAND));
  });

function checkOneKey(url: string): Promise<number> {
  const foreignKeys = [
    { child: 'public.t2(parent_id)', parent: 'public.t1(id)', onDelete: 'CASCADE' },
  ] as const;
  const guard = createGuard({ url, foreignKeys }, { logger: silent });
  return timed(() => guard.check());
}

function* schemaOf(tables: number): Generator<string> {
  for (let first = 1; first <= tables; first += AT_ONCE)
    yield `do $$ begin for i in ${first}..${Math.min(tables, first + AT_ONCE - 1)} loop
      execute format('create table t%s (id integer primary key, parent_id integer%s, name text not null, email text,
        amount numeric(12, 2), flag boolean, created timestamptz not null, updated timestamptz not null)', i,
        case when i > 1 then format(' references t%s on delete cascade', i / 2) end);
      execute format('create index on t%s (parent_id)', i);
    end loop; end $$`;
}
