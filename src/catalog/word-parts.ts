import { typeKey, type Numbers } from './dictionary';
import type { Parts } from './parts';
import { oids } from './rare-parts';
import { literal, sql, type Sql } from '../sql';

/** The parts that tell the words of some numbers, and the numbers that have to be in them. */
export function wordParts(
  asked: Numbers,
): readonly { readonly part: string; readonly count: number; readonly of: Sql }[] {
  const types = [...new Map(asked.kinds.map((kind) => [typeKey(kind), kind])).values()];
  const collations = new Set(asked.kinds.map(({ collation }) => collation).filter((oid) => oid !== 0));
  const { operatorClasses, operators, unfinished } = asked;
  const modifiers = sql`${literal(`{${types.map(({ modifier }) => modifier).join(',')}}`)}::int4[]`;
  return [
    { part: 'type', count: types.length, of: typeParts(oids(types.map(({ type }) => type)), modifiers) },
    { part: 'collation', count: collations.size, of: collationParts(oids(collations)) },
    { part: 'operator class', count: operatorClasses.size, of: operatorClassParts(oids(operatorClasses)) },
    { part: 'operator', count: operators.size, of: operatorParts(oids(operators)) },
    { part: 'unfinished', count: unfinished.length, of: unfinishedParts(oids(unfinished)) },
  ].filter(({ count }) => count > 0);
}

/** False where one of them is gone since its number was read. */
export const isComplete = (asked: Numbers, parts: Parts): boolean =>
  wordParts(asked).every(({ part, count }) => parts(part).size === count);

/**
 * A base type brings its own `=` in its own schema (citext); a domain compares as the type below it; arrays, enums,
 * ranges and composites all use the polymorphic operators of pg_catalog.
 */
const typeParts = (types: Sql, modifiers: Sql): Sql => sql`
select 'type', concat_ws(',', asked.oid, asked.modifier),
  case when base.typtype = 'b' and base.typcategory <> 'A' then namespace.nspname::text else 'pg_catalog' end,
  format_type(asked.oid, asked.modifier)
from unnest(${types}, ${modifiers}) as asked(oid, modifier)
cross join lateral (
  with recursive below(oid, base, kind) as (
    select oid, typbasetype, typtype from pg_catalog.pg_type where oid = asked.oid
    union all
    select type.oid, type.typbasetype, type.typtype from below join pg_catalog.pg_type type on type.oid = below.base and below.kind = 'd'
  ) select oid from below where kind <> 'd') as lowest
join pg_catalog.pg_type base on base.oid = lowest.oid
join pg_catalog.pg_namespace namespace on namespace.oid = base.typnamespace`;

const collationParts = (collations: Sql): Sql => sql`
select 'collation', collating.oid::text, namespace.nspname::text, collating.collname::text
from pg_catalog.pg_collation collating join pg_catalog.pg_namespace namespace on namespace.oid = collating.collnamespace
where collating.oid = any (${collations})`;

const operatorClassParts = (classes: Sql): Sql => sql`
select 'operator class', class.oid::text, coalesce(namespace.nspname::text, 'pg_catalog'), coalesce(operator.oprname::text, '=')
from pg_catalog.pg_opclass class
join pg_catalog.pg_am method on method.oid = class.opcmethod
left join pg_catalog.pg_amop equal on equal.amopfamily = class.opcfamily and equal.amopstrategy = 3
  and equal.amoplefttype = class.opcintype and equal.amoprighttype = class.opcintype and method.amname = 'btree'
left join pg_catalog.pg_operator operator on operator.oid = equal.amopopr
left join pg_catalog.pg_namespace namespace on namespace.oid = operator.oprnamespace
where class.oid = any (${classes})`;

const operatorParts = (operators: Sql): Sql => sql`
select 'operator', operator.oid::text, json_build_object('schema', namespace.nspname, 'name', operator.oprname, 'operands', (
    select json_agg(json_build_object('oid', type.oid::bigint, 'type', json_build_object('schema', type_schema.nspname, 'name', type.typname),
        'pseudo', type.typtype = 'p') order by operand.place)
      from unnest(array[operator.oprleft, operator.oprright]) with ordinality as operand(oid, place)
      join pg_catalog.pg_type type on type.oid = operand.oid
      join pg_catalog.pg_namespace type_schema on type_schema.oid = type.typnamespace))::text, null
from pg_catalog.pg_operator operator join pg_catalog.pg_namespace namespace on namespace.oid = operator.oprnamespace
where operator.oid = any (${operators})`;

/**
 * Tables that still have an index that is not valid, and whether a session is building one: their indexes are read again
 * where it is done in the meantime. `pg_stat_progress_create_index` hides from other roles which table a session works
 * on, but not its pid, and `pg_locks` hides nothing.
 */
const unfinishedParts = (tables: Sql): Sql => sql`
select 'unfinished', unfinished.oid::text, (unfinished.oid in (
    select held.relation from pg_catalog.pg_locks held
      join pg_catalog.pg_stat_progress_create_index build on build.pid = held.pid
     where held.locktype = 'relation' and held.pid <> pg_backend_pid()
       and held.database = (select oid from pg_catalog.pg_database where datname = current_database())))::text, null
from (select distinct indrelid as oid from pg_catalog.pg_index where not indisvalid and indrelid = any (${tables})) as unfinished`;
