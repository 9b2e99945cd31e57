import { sql, type Sql } from '../sql';

/**
 * A subquery: everything that uses the column `a` of the table `c`, in PostgreSQL's own words, as a JSON list.
 *
 * Left out are the column's own default and NOT NULL, and indexes on plain columns with default operator classes,
 * which `alter column … type` builds anew; with them the primary keys and unique constraints that rest on them.
 */
export const columnUsers: Sql = sql`
(select coalesce(json_agg(used.by order by used.by), '[]') from (
  select pg_describe_object(d.classid, d.objid, d.objsubid) as by
    from pg_catalog.pg_depend d
    left join pg_catalog.pg_index i on d.classid = 'pg_class'::regclass and i.indexrelid = d.objid
    left join pg_catalog.pg_class own on own.oid = i.indexrelid and own.relname ~ '_fk_guard_changed$'
    left join pg_catalog.pg_constraint con on d.classid = 'pg_constraint'::regclass and con.oid = d.objid
    left join pg_catalog.pg_attrdef def on d.classid = 'pg_attrdef'::regclass and def.oid = d.objid
   where d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and d.refobjsubid = a.attnum
     and not coalesce(con.contype in ('p', 'u', 'n'), false)
     and own.oid is null
     and not coalesce(def.adrelid = c.oid and def.adnum = a.attnum, false)
     and not coalesce(i.indexprs is null and i.indpred is null and not i.indisexclusion
       and not exists (select from unnest(i.indkey, i.indclass) as part(attnum, class)
                         join pg_catalog.pg_opclass k on k.oid = part.class
                        where part.attnum = a.attnum and not k.opcdefault), false)
  union
  select 'column ' || quote_ident(o.attname) || ' of ' || o.attrelid::regclass
    from pg_catalog.pg_attribute o
    join pg_catalog.pg_class holder on holder.oid = o.attrelid and holder.relkind in ('r', 'm', 'p')
   where o.attnum > 0 and not o.attisdropped
     and o.atttypid in (c.reltype, (select t.typarray from pg_catalog.pg_type t where t.oid = c.reltype and t.typarray <> 0))
) used)`;
