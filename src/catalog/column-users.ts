import { sql, type Sql } from '../sql';

/**
 * A subquery: everything that uses the column `a` of the table `c`, in PostgreSQL's own words, as a JSON list.
 *
 * Left out are the column's own default and NOT NULL, what the guard itself has put beside it, and indexes that
 * `alter column … type` builds anew just as well for the new type: on plain columns, with the default operator class
 * and the column's own collation; with them the primary keys and unique constraints that rest on them. Before
 * PostgreSQL 13 such an index is no longer the replica identity afterwards, nor the one to cluster by.
 */
export const columnUsers: Sql = sql`
(with recursive row_type(oid) as (
  select c.reltype
  union
  select more.oid from row_type
   cross join lateral (
    select t.typarray from pg_catalog.pg_type t where t.oid = row_type.oid and t.typarray <> 0
    union all select t.oid from pg_catalog.pg_type t where t.typtype = 'd' and t.typbasetype = row_type.oid
    union all select r.rngtypid from pg_catalog.pg_range r where r.rngsubtype = row_type.oid
    union all select k.reltype from pg_catalog.pg_attribute f
      join pg_catalog.pg_class k on k.oid = f.attrelid and k.relkind = 'c'
     where f.atttypid = row_type.oid and not f.attisdropped) as more(oid)
),
ordinary(oid) as (
  select i.indexrelid from pg_catalog.pg_index i
    join pg_catalog.pg_class k on k.oid = i.indexrelid
    join pg_catalog.pg_am m on m.oid = k.relam and m.amname in ('btree', 'hash', 'brin')
   where i.indrelid = c.oid and i.indexprs is null and i.indpred is null and not i.indisexclusion
     and not exists (
       select from unnest(i.indkey::int2[], i.indclass::oid[], i.indcollation::oid[]) as part(attnum, class, rule)
         join pg_catalog.pg_opclass o on o.oid = part.class
        where part.attnum = a.attnum and not (o.opcdefault and part.rule = a.attcollation))
  union all
  select k.oid from pg_catalog.pg_index i join pg_catalog.pg_class k on k.oid = i.indexrelid
   where i.indrelid = c.oid and k.relname ~ '_fk_guard_changed$'
)
select coalesce(json_agg(used.by order by used.by), '[]') from (
  -- Older servers note the computed column, newer ones its expression.
  select case when def.oid is null then pg_describe_object(d.classid, d.objid, d.objsubid)
    else pg_describe_object('pg_class'::regclass, def.adrelid, def.adnum) end as by
    from pg_catalog.pg_depend d
    left join pg_catalog.pg_constraint con on d.classid = 'pg_constraint'::regclass and con.oid = d.objid
    left join pg_catalog.pg_attrdef def on d.classid = 'pg_attrdef'::regclass and def.oid = d.objid
   where d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and d.refobjsubid = a.attnum
     and not coalesce(con.contype in ('p', 'u', 'n'), false)
     and not coalesce(def.adrelid = c.oid and def.adnum = a.attnum, false)
     and not (d.classid = 'pg_class'::regclass and d.objid in (select ordinary.oid from ordinary))
  union
  select 'the index ' || i.indexrelid::regclass || ', by which the table is ' || case when i.indisreplident then 'replicated' else 'clustered' end
    from pg_catalog.pg_index i
   where i.indrelid = c.oid and a.attnum = any (i.indkey::int2[]) and (i.indisreplident or i.indisclustered)
     and current_setting('server_version_num')::int < 130000
  union
  select 'the type ' || c.reloftype::regtype || ' of its table' where c.reloftype <> 0
  union
  select 'column ' || quote_ident(o.attname) || ' of ' || o.attrelid::regclass
    from pg_catalog.pg_attribute o
    join pg_catalog.pg_class holder on holder.oid = o.attrelid and holder.relkind in ('r', 'm', 'p')
   where o.attnum > 0 and not o.attisdropped and o.atttypid in (select row_type.oid from row_type)
) used)`;
