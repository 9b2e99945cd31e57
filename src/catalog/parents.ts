import type { OrphanCondition } from '../changes/change';
import type { Session } from '../db';
import { tableId } from '../names';
import type { TableName } from '../schema';
import { columns, identifier, join, literal, qualified, sql, type Sql } from '../sql';
import { keyMatch, orphanPredicate } from './orphans';
import { flag, json, text } from './row';

const parent = sql`"fk_guard_parent_row"`;
const key = sql`"fk_guard_key"`;
const child = sql`"fk_guard_child"`;
const up = sql`"fk_guard_up"`;

/** Whether a parent has this key, by the equality of the foreign key. Throws 22P02 and the like for what is no value of its type. */
export async function parentExists(
  session: Session,
  condition: OrphanCondition,
  values: readonly string[],
): Promise<boolean> {
  const [row] = await session.query(sql`select exists (select from ${found(condition, values)}) as found`);
  return flag(row, 'found');
}

/** In a table that refers to itself: whether this row is an orphan or stands below one, so that orphans put below it would form a circle. */
export async function isBelowOrphan(
  session: Session,
  condition: OrphanCondition,
  values: readonly string[],
): Promise<boolean> {
  const names = [...new Set([...condition.parentColumns, ...condition.childColumns])];
  const row = join(
    names.map((name) => sql`${parent}.${identifier(name)}`),
    ', ',
  );
  // UNION, and not UNION ALL: rows may go round in a circle already.
  const [answer] = await session.query(sql`
    with recursive ${up} as (
      select ${row} from ${found(condition, values)}
      union
      select ${row} from ${qualified(condition.parent)} as ${parent} join ${up} on ${keyMatch({ ...condition, parent, child: up })})
    select exists (select from ${up} where ${orphanPredicate(condition, up)}) as found`);
  return flag(answer, 'found');
}

/** The parent with a key. The key stands in a row of the child's own types, so that it is compared as a child's. */
function found(condition: OrphanCondition, values: readonly string[]): Sql {
  const typed = sql`select ${columns(condition.childColumns)} from ${qualified(condition.child)} where false
    union all select ${join(values.map(literal), ', ')}`;
  return sql`${qualified(condition.parent)} as ${parent}, (${typed}) as ${key} where ${keyMatch({ ...condition, parent, child: key })}`;
}

/** The different keys of a relation's orphans, each column in its own text form; every setting that this depends on must be pinned. */
export async function missingKeys(
  session: Session,
  condition: OrphanCondition,
): Promise<readonly (readonly string[])[]> {
  const forms = condition.childColumns.map(
    (column) => sql`pg_catalog.format('%s', ${child}.${identifier(column)})`,
  );
  const rows = await session.query(sql`
    select distinct pg_catalog.to_jsonb(array[${join(forms, ', ')}]) as key
      from ${qualified(condition.child)} as ${child} where ${orphanPredicate(condition, child)} order by 1`);
  return rows.map((row) => json<readonly string[]>(row, 'key'));
}

/** Columns of a table that must get a value: NOT NULL, and nothing fills them in. */
export async function requiredColumns(session: Session, table: TableName): Promise<readonly string[]> {
  const rows = await session.query(required, [table.schema, table.name]);
  return rows.map((row) => text(row, 'name'));
}

const required = sql`
  select a.attname as name
    from pg_catalog.pg_attribute a
    join pg_catalog.pg_class c on c.oid = a.attrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_type t on t.oid = a.atttypid
   where n.nspname = $1 and c.relname = $2 and a.attnum > 0 and not a.attisdropped
     and (a.attnotnull or t.typnotnull) and not a.atthasdef and a.attidentity = '' and t.typdefault is null
   order by a.attnum`;

/** `schema.table.trigger` of every user trigger and rule that would act when a row is inserted. */
export async function insertHooks(session: Session, table: TableName): Promise<readonly string[]> {
  const rows = await session.query(hooks, [table.schema, table.name]);
  return rows.map((row) => `${tableId(table)}.${text(row, 'name')}`);
}

// Bit 4 of tgtype is INSERT (the server's pg_trigger.h); '3' is a rule's INSERT.
const hooks = sql`
  select h.name
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   cross join lateral (
      select t.tgname::text from pg_catalog.pg_trigger t
       where t.tgrelid = c.oid and (not t.tgisinternal or t.tgconstraint = 0) and t.tgtype & 4 <> 0 and t.tgenabled in ('O', 'A')
      union all
      select r.rulename::text from pg_catalog.pg_rewrite r
       where r.ev_class = c.oid and r.ev_type = '3' and r.ev_enabled in ('O', 'A')) h(name)
   where n.nspname = $1 and c.relname = $2
   order by h.name`;
