import { shadowMark } from '../changes/shadow-statement';
import type { Cast } from '../changes/conversion';
import { constraintName, shadowName } from '../names';
import type { Session } from '../db';
import type { TableName } from '../schema';
import type { ShadowFacts } from '../mismatch';
import { sql } from '../sql';
import { own } from '../own';
import { flag, json, text } from './row';

/** What a shadow column would have to take over from a column, and what of it is there from an interrupted run. */
export async function readShadowFacts(session: Session, table: TableName, cast: Cast): Promise<ShadowFacts> {
  const { check, ...names } = namesFor(table, cast);
  const [row] = await session.query(factsQuery, [
    table.schema,
    table.name,
    cast.column,
    names.column,
    names.trigger,
    check,
  ]);
  const states = json<Readonly<Record<string, boolean>>>(row, 'states');
  const taken = row?.['mark'] !== undefined && flag(row, 'taken');
  const ours = taken && row?.['mark'] === shadowMark({ cast }) && flag(row, 'triggered');
  return {
    names,
    notNull: flag(row, 'not_null'),
    check: { name: check, exists: flag(row, 'checked') },
    exists: ours,
    changed: stateOf(own(states, names.changed)),
    indexes: json<readonly Omit<ShadowFacts['indexes'][number], 'copy' | 'state'>[]>(row, 'indexes').map(
      (index) => {
        const copy = named('fk_guard', index.name);
        return { ...index, copy, state: stateOf(own(states, copy)) };
      },
    ),
    ...(row?.['comment'] ? { comment: text(row, 'comment') } : {}),
    grants: json(row, 'grants'),
    obstacles: [
      ...(taken && !ours ? [`a column ${names.column} of your own`] : []),
      ...json<readonly string[]>(row, 'obstacles'),
    ],
  };
}

const named = (suffix: string, first: string, ...rest: readonly string[]): string =>
  constraintName(first, rest, suffix, []);

const namesFor = (table: TableName, { column }: Cast) => ({
  column: shadowName(column),
  // Triggers fire in the order of their names.
  trigger: named('fk_guard', 'zzz', column),
  function: named('convert', `${table.schema}_${table.name}`, column),
  changed: named('fk_guard_changed', table.name, column),
  check: named('fk_guard_check', table.name, column),
});

const stateOf = (valid: boolean | undefined): ShadowFacts['changed'] =>
  valid === undefined ? 'absent' : valid ? 'valid' : 'invalid';

// A plain index is one that its columns alone describe; of any other one a copy would be something else.
const factsQuery = sql`
with child as (
  select c.*, a.attnum, a.attacl, a.attoptions, a.attcollation, a.attnotnull, a.attidentity, to_jsonb(a) ->> 'attstattarget' as target
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = $3
   where n.nspname = $1 and c.relname = $2
),
using_index as (
  select class.relname, i.*, method.amname, con.conname,
    i.indnatts = i.indnkeyatts and i.indpred is null and i.indexprs is null and i.indisvalid
      and not i.indisreplident and not i.indisclustered and con.oid is null
      and obj_description(i.indexrelid, 'pg_class') is null
      and class.reloptions is null and class.reltablespace = 0 and method.amname in ('btree', 'hash')
      and coalesce(to_jsonb(i) ->> 'indnullsnotdistinct', 'false') = 'false'
      and not exists (select from unnest(i.indoption::int2[]) as o(bits) where o.bits <> 0)
      and not exists (select from unnest(i.indkey::int2[], i.indclass::oid[], i.indcollation::oid[]) as part(attnum, class, rule)
                        join pg_catalog.pg_opclass k on k.oid = part.class
                        join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = part.attnum
                       where not k.opcdefault or part.rule <> a.attcollation) as plain
    from child
    join pg_catalog.pg_index i on i.indrelid = child.oid and child.attnum = any (i.indkey::int2[])
    join pg_catalog.pg_class class on class.oid = i.indexrelid
    join pg_catalog.pg_am method on method.oid = class.relam
    left join pg_catalog.pg_constraint con on con.conindid = i.indexrelid and con.conrelid = i.indrelid and con.contype in ('p', 'u', 'x')
)
select
  child.attnotnull as not_null,
  s.attnum is not null as taken,
  coalesce(col_description(child.oid, s.attnum), '') as mark,
  exists (select from pg_catalog.pg_trigger t where t.tgrelid = child.oid and t.tgname = $5) as triggered,
  exists (select from pg_catalog.pg_constraint k where k.conrelid = child.oid and k.conname = $6) as checked,
  col_description(child.oid, child.attnum) as comment,
  (select coalesce(json_object_agg(class.relname, i.indisvalid), '{}')
     from pg_catalog.pg_index i join pg_catalog.pg_class class on class.oid = i.indexrelid where i.indrelid = child.oid) as states,
  (select coalesce(json_agg(json_build_object('name', u.relname, 'method', u.amname, 'unique', u.indisunique,
      'columns', (select json_agg(a.attname order by part.position)
                    from unnest(u.indkey::int2[]) with ordinality as part(attnum, position)
                    join pg_catalog.pg_attribute a on a.attrelid = u.indrelid and a.attnum = part.attnum)) order by u.relname), '[]')
     from using_index u where u.plain) as indexes,
  (select coalesce(json_agg(json_strip_nulls(json_build_object('privilege', g.privilege_type, 'role', r.rolname, 'grantable', g.is_grantable))
      order by g.privilege_type, r.rolname), '[]')
     from aclexplode(child.attacl) g left join pg_catalog.pg_roles r on r.oid = g.grantee) as grants,
  (select coalesce(json_agg(o.what order by o.what), '[]') from (
    select 'the index ' || quote_ident(u.relname) as what from using_index u where not u.plain and u.relname !~ '_fk_guard_changed$'
    union all select 'its own statistics target' where coalesce(child.target, '-1') <> '-1'
    union all select 'its own GENERATED clause' where child.attidentity <> ''
    union all select 'two indexes whose long names begin alike' where (
      select count(*) > count(distinct left(u.relname, 40)) from using_index u where u.plain and octet_length(u.relname::text) > 50)
    union all select 'its NOT NULL, which is not validated' where exists (
      select from pg_catalog.pg_constraint k where k.conrelid = child.oid and k.contype = 'n' and not k.convalidated and child.attnum = any (k.conkey))
    union all select 'options of its own' where child.attoptions is not null) o) as obstacles
from child
left join pg_catalog.pg_attribute s on s.attrelid = child.oid and s.attname = $4 and not s.attisdropped`;
