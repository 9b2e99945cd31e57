import type { Parts } from './parts';
import { literal, sql, type Sql } from '../sql';

/** An array of oids. */
export const oids = (list: Iterable<number | string>): Sql =>
  sql`${literal(`{${[...list].join(',')}}`)}::oid[]`;

/**
 * What few tables have, one part for each table that has it. Even to plan a question about a catalog that nothing else is
 * asked of costs a new connection as much as a hundred tables: what the tables do not announce is not asked.
 */
export function rareParts(parts: Parts): readonly Sql[] {
  const tables = [...parts('table')].map(([oid, { two }]) => ({
    oid,
    letters: two?.split(' ').at(-1) ?? '',
  }));
  const that = (letter: string): Sql | undefined => {
    const found = tables.filter(({ letters }) => letters.includes(letter));
    return found.length > 0 ? oids(found.map(({ oid }) => oid)) : undefined;
  };
  const asks = [
    { of: that('q'), part: partitions },
    { of: that('p'), part: partitioned },
    { of: that('u'), part: rules },
    { of: parts('superuser').size > 0 ? undefined : oids([]), part: closedSequences },
  ];
  return asks.flatMap(({ of, part }) => (of ? [part(of)] : []));
}

/** By which letters a table announces what is asked about it: it is a partition, has partitions, has rules. */
export const announced: Sql = sql`concat('-', case when relation.relispartition then 'q' end, case when relation.relkind = 'p' then 'p' end,
    case when relation.relhasrules then 'u' end)`;

const partitions = (tables: Sql): Sql => sql`
select 'partition', link.inhrelid::text, namespace.nspname::text, whole.relname::text
from pg_catalog.pg_inherits link
join pg_catalog.pg_class whole on whole.oid = link.inhparent
join pg_catalog.pg_namespace namespace on namespace.oid = whole.relnamespace
where link.inhrelid = any (${tables})`;

const partitioned = (tables: Sql): Sql => sql`
select 'partitioned', whole.partrelid::text,
  (select json_agg(coalesce(attribute.attname, '') order by part.position)
     from unnest(whole.partattrs::int2[]) with ordinality as part(attnum, position)
     left join pg_catalog.pg_attribute attribute on attribute.attrelid = whole.partrelid and attribute.attnum = part.attnum)::text,
  (exists (select from pg_partition_tree(whole.partrelid) part join pg_catalog.pg_class class on class.oid = part.relid
            where class.relkind = 'f'))::text
from pg_catalog.pg_partitioned_table whole where whole.partrelid = any (${tables})`;

/** Rewrite rules on UPDATE ('2') or DELETE ('4'); each view has one on SELECT. */
const rules = (tables: Sql): Sql => sql`
select 'rules', ev_class::text, json_agg(rulename order by rulename)::text, null
from pg_catalog.pg_rewrite
where ev_type in ('2', '4') and ev_enabled in ('O', 'A') and ev_class = any (${tables})
group by ev_class`;

/** A sequence belongs to a column by an entry in pg_depend (serial: a, identity: i). */
const closedSequences = (): Sql => sql`
select 'sequences', link.refobjid::text, json_agg(json_build_object('schema', namespace.nspname, 'name', own.relname) order by own.relname)::text, null
from pg_catalog.pg_sequence sequence
join pg_catalog.pg_class own on own.oid = sequence.seqrelid
join pg_catalog.pg_namespace namespace on namespace.oid = own.relnamespace
join pg_catalog.pg_depend link on link.classid = 'pg_catalog.pg_class'::regclass and link.objid = own.oid
  and link.refclassid = 'pg_catalog.pg_class'::regclass and link.deptype in ('a', 'i')
where not has_sequence_privilege(sequence.seqrelid, 'USAGE')
group by link.refobjid`;
