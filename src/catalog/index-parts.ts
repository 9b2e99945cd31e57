import { sql, type Sql } from '../sql';

/**
 * A partial index that leaves out the rows without a value serves a key as well as a full one: its own comparison
 * implies IS NOT NULL.
 */
const searchable = sql`(class.relam = any (array(select oid from pg_catalog.pg_am where amname in ('btree', 'hash')))
      and case when index.indpred is null then true else coalesce(pg_get_expr(index.indpred, index.indrelid) =
        (select format('(%I IS NOT NULL)', attribute.attname) from pg_catalog.pg_attribute attribute
          where attribute.attrelid = index.indrelid and attribute.attnum = index.indkey[0]), false) end)`;

/** A constraint's, unique or of an exclusion: that of a primary key always is. */
const owned = sql`(case when index.indisprimary or index.indisexclusion then true when index.indisunique then
      exists (select from pg_catalog.pg_constraint owner where owner.conrelid = index.indrelid and owner.contypid = 0
        and owner.conname = class.relname and owner.conindid = index.indexrelid and owner.contype = 'u') else false end)`;

/** A key can only rest on an index that is unique: most need not be asked for. */
const needed = sql`(index.indisreplident or index.indexrelid in (select inhrelid from pg_catalog.pg_inherits)
      or case when index.indisunique and not index.indisprimary
        then index.indexrelid in (select conindid from pg_catalog.pg_constraint where contype = 'f') else false end)`;

/** One bit each, in the order of `FLAGS`. */
const flags = sql`index.indisunique::int + 2 * index.indisprimary::int + 4 * index.indisvalid::int
  + 8 * (index.indpred is not null or index.indisexclusion)::int + 16 * (not index.indimmediate)::int
  + 32 * ${searchable}::int + 64 * ${needed}::int + 128 * ${owned}::int`;

/**
 * The part `indexes`: of each relation its indexes, in order of their names, and what each is in the numbers of the
 * catalog: its flags, its columns, their operator classes and their collations. Beside them stands what few indexes
 * have, by the name of the index: the one on the partitioned table that it is a part of.
 *
 * An index that a constraint owns has the constraint's name, and keeps it when either is renamed.
 */
export const indexParts: Sql = sql`
select 'indexes', index.indrelid, json_agg(class.relname order by class.relname)::text,
  string_agg(concat_ws(',', ${flags}, index.indnkeyatts, index.indkey, index.indclass, index.indcollation), ';' order by class.relname),
  json_agg(json_build_array(class.relname, (select whole.relname from pg_catalog.pg_inherits link
      join pg_catalog.pg_class whole on whole.oid = link.inhparent where link.inhrelid = index.indexrelid)))
    filter (where class.relispartition)::text, null
from pg_catalog.pg_index index
join pg_catalog.pg_class class on class.oid = index.indexrelid
where index.indrelid = any (array(select oid from relation))
group by index.indrelid`;
