import { createGuard } from 'sequelize-fk-guard';
import { withSql } from '../../app/demo/sql';
import type { Scenario } from '../core/bench';
import { atMost } from '../core/figures';
import { compare, timed } from '../core/measure';
import { silent } from '../core/silent';
import { timesOfQueries } from '../core/time-queries';

/** How many tables one transaction may make without more memory for locks than a server has by default. */
const AT_ONCE = 500;

/**
 * What a check has to know of each table, as somebody writes it who knows the catalog: columns, indexes and what they
 * compare by, keys and whether their triggers fire, triggers, rights.
 */
const BY_HAND = `
  with columns as (
    select attrelid, json_agg(json_build_array(attnum, attname, format_type(atttypid, atttypmod), attnotnull, attidentity,
                                               attgenerated, attcollation)) as list
      from pg_attribute where attnum > 0 and not attisdropped group by attrelid),
  indexes as (
    select indrelid, json_agg(json_build_array(relname, indkey::text, indnkeyatts, indclass::text, indcollation::text, indisunique,
                                               indisprimary, indisvalid, indimmediate, relam, pg_get_expr(indpred, indrelid))) as list
      from pg_index join pg_class on pg_class.oid = indexrelid group by indrelid),
  disabled as (select distinct tgconstraint from pg_trigger where tgconstraint <> 0 and tgenabled in ('D', 'R')),
  keys as (
    select conrelid, json_agg(json_build_array(oid, conname, confrelid, conkey, confkey, conpfeqop, confdeltype, confupdtype, confmatchtype,
                                               convalidated, condeferrable, condeferred, disabled.tgconstraint is null,
                                               pg_get_constraintdef(oid))) as list
      from pg_constraint left join disabled on tgconstraint = oid where contype = 'f' group by conrelid),
  constraints as (select conrelid, json_agg(conname) as list from pg_constraint group by conrelid),
  triggers as (
    select tgrelid, json_agg(json_build_array(tgname, tgtype)) as list
      from pg_trigger where not tgisinternal and tgenabled in ('O', 'A') group by tgrelid)
  select pg_class.oid, nspname, relname, relkind, reltuples, relispartition, relrowsecurity, columns.list::text as columns, indexes.list::text as indexes,
         keys.list::text as keys, constraints.list::text as constraints, triggers.list::text as triggers,
         has_table_privilege(pg_class.oid, 'SELECT') as may_select, has_table_privilege(pg_class.oid, 'UPDATE') as may_update
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    left join columns on attrelid = pg_class.oid
    left join indexes on indrelid = pg_class.oid
    left join keys on keys.conrelid = pg_class.oid
    left join constraints on constraints.conrelid = pg_class.oid
    left join triggers on tgrelid = pg_class.oid
   where relkind in ('r', 'p', 'v', 'm', 'f') and nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
   order by nspname, relname`;

/** How long a look at a large schema takes whose rows need not be looked at. */
export const catalogRead: Scenario = {
  name: 'catalog-read',
  async rows(bench) {
    const { catalogTables, rounds } = bench.size;
    return bench.fill([...schemaOf(catalogTables)], async ({ url }) => {
      const guard = createGuard({ url, foreignKeys: FOREIGN_KEYS }, { logger: silent });
      const own: number[] = [];
      const [whole, byHand] = await compare(
        [
          {
            name: 'guard.check(), everything',
            run: () =>
              timed(async () => {
                own.push(await inQueries(() => guard.check()));
              }),
          },
          {
            name: 'one query by hand',
            run: () => inQueries(() => withSql(url, (sql) => sql.rows(BY_HAND))),
          },
        ] as const,
        2 * rounds + 1,
        0,
      );
      const row = { scenario: 'catalog-read', unit: 'ms' } as const;
      const title = `catalog read, ${catalogTables.toLocaleString('en-US')} tables`;
      return [
        {
          ...row,
          title,
          figures: [{ name: 'all queries of guard.check()', values: own }, byHand],
          asked: atMost(1.3),
        },
        { ...row, title: `${title}, and all that the process does with it`, figures: [whole, byHand] },
      ];
    });
  },
};

const FOREIGN_KEYS = [
  { child: 'public.t2(parent_id)', parent: 'public.t1(id)', onDelete: 'CASCADE' },
] as const;

/** Milliseconds until the answers are there; each on a new connection, whose time does not count. */
async function inQueries(work: () => Promise<unknown>): Promise<number> {
  const times = await timesOfQueries(work);
  return times.reduce((sum, { ms }) => sum + ms, 0);
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
