import { createGuard } from 'sequelize-fk-guard';
import { withSql } from '../../app/demo/sql';
import type { Scenario } from '../core/bench';
import { atMost } from '../core/figures';
import { compare, timed } from '../core/measure';
import { silent } from '../core/silent';

/** How many tables one transaction may make without more memory for locks than a server has by default. */
const AT_ONCE = 500;

/** Every table with its columns, indexes and keys. */
const BY_HAND = `
  with columns as (
    select attrelid, json_agg(json_build_array(attname, format_type(atttypid, atttypmod), attnotnull) order by attnum) as list
      from pg_attribute where attnum > 0 and not attisdropped group by attrelid),
  indexes as (
    select indrelid, json_agg(json_build_array(relname, indkey::text, indisunique, indisprimary, indisvalid)) as list
      from pg_index join pg_class on pg_class.oid = indexrelid group by indrelid),
  keys as (
    select conrelid, json_agg(json_build_array(conname, confrelid, conkey, confkey, confdeltype, confupdtype, convalidated,
                                               pg_get_constraintdef(oid))) as list
      from pg_constraint where contype = 'f' group by conrelid)
  select nspname, relname, relkind, reltuples, columns.list as columns, indexes.list as indexes, keys.list as keys
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    left join columns on attrelid = pg_class.oid
    left join indexes on indrelid = pg_class.oid
    left join keys on conrelid = pg_class.oid
   where relkind in ('r', 'p', 'v', 'm', 'f') and nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`;

/** How long a look at a large schema takes whose rows need not be looked at. */
export const catalogRead: Scenario = {
  name: 'catalog-read',
  async rows(bench) {
    const { catalogTables, rounds } = bench.size;
    return bench.fill([...schemaOf(catalogTables)], async ({ url }) => {
      const foreignKeys = [
        { child: 'public.t2(parent_id)', parent: 'public.t1(id)', onDelete: 'CASCADE' },
      ] as const;
      const guard = createGuard({ url, foreignKeys }, { logger: silent });
      const figures = await compare(
        [
          { name: 'guard.check()', run: () => timed(() => guard.check()) },
          { name: 'one query by hand', run: () => timed(() => withSql(url, (sql) => sql.rows(BY_HAND))) },
        ] as const,
        2 * rounds + 1,
      );
      const title = `catalog read, ${catalogTables.toLocaleString('en-US')} tables`;
      const note = 'both with their connection';
      return [{ scenario: 'catalog-read', title, unit: 'ms', figures, asked: atMost(1.3), note }];
    });
  },
};

function* schemaOf(tables: number): Generator<string> {
  for (let first = 1; first <= tables; first += AT_ONCE)
    yield `do $$ begin for i in ${first}..${Math.min(tables, first + AT_ONCE - 1)} loop
      execute format('create table t%s (id integer primary key, parent_id integer%s, name text not null, email text,
        amount numeric(12, 2), flag boolean, created timestamptz not null, updated timestamptz not null)', i,
        case when i > 1 then format(' references t%s on delete cascade', i / 2) end);
      execute format('create index on t%s (parent_id)', i);
    end loop; end $$`;
}
