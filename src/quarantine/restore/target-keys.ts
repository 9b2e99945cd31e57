import { json, text } from '../../catalog/row';
import type { Session } from '../../db';
import type { Operator, TableName } from '../../schema';
import { identifier, join, literal, operator, sql, typeName, type Sql } from '../../sql';

/** A foreign key of a table that rows are put back into. */
export interface TargetKey {
  readonly name: string;
  readonly parent: TableName;
  readonly parts: readonly KeyPart[];
}

interface KeyPart {
  readonly child: string;
  readonly childType: string;
  readonly parent: string;
  readonly parentType: string;
  readonly equality: Operator;
}

/**
 * Reads the keys whose check is sure to happen, and to ask for no more than an equal row. Others (not enforced, triggers
 * off, PERIOD) are left out: what is read here only spares tries, and the server has the last word about each row.
 */
export async function readTargetKeys(session: Session, table: string): Promise<readonly TargetKey[]> {
  return (await session.query(keysQuery, [table])).map((row) => ({
    name: text(row, 'name'),
    parent: { schema: text(row, 'schema'), name: text(row, 'table') },
    parts: json(row, 'parts'),
  }));
}

/** The child's value in a copy. */
const childValue = (copy: Sql, { child, childType }: KeyPart): Sql =>
  sql`(${copy}.row_data ->> ${literal(child)})::${typeName(childType)}`;

/** True for a copy that points somewhere: no part of its key is null. */
export const pointsSomewhere = (copy: Sql, { parts }: TargetKey): Sql =>
  join(
    parts.map(({ child }) => sql`${copy}.row_data ->> ${literal(child)} is not null`),
    ' and ',
  );

/** True for the row of the parent's table that a copy points at, by the key's own equality. */
export const isParentRow = (parent: Sql, copy: Sql, { parts }: TargetKey): Sql =>
  join(
    parts.map(
      (part) =>
        sql`${parent}.${identifier(part.parent)} ${operator(part.equality)} ${childValue(copy, part)}`,
    ),
    ' and ',
  );

/** The same where the parent is a copy itself. */
export const isParentCopy = (parent: Sql, copy: Sql, { parts }: TargetKey): Sql =>
  join(
    parts.map(
      (part) =>
        sql`(${parent}.row_data ->> ${literal(part.parent)})::${typeName(part.parentType)} ${operator(part.equality)} ${childValue(copy, part)}`,
    ),
    ' and ',
  );

const keysQuery = sql`
  select c.conname as name, n.nspname as schema, p.relname as table,
         (select pg_catalog.json_agg(pg_catalog.json_build_object(
                   'child', a.attname, 'childType', pg_catalog.format_type(a.atttypid, -1),
                   'parent', b.attname, 'parentType', pg_catalog.format_type(b.atttypid, -1),
                   'equality', pg_catalog.json_build_object('schema', os.nspname, 'name', o.oprname)) order by k.position)
            from unnest(c.conkey, c.confkey, c.conpfeqop) with ordinality k(child, parent, operator, position)
            join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.child
            join pg_catalog.pg_attribute b on b.attrelid = c.confrelid and b.attnum = k.parent
            join pg_catalog.pg_operator o on o.oid = k.operator
            join pg_catalog.pg_namespace os on os.oid = o.oprnamespace) as parts
    from pg_catalog.pg_constraint c
    join pg_catalog.pg_class p on p.oid = c.confrelid
    join pg_catalog.pg_namespace n on n.oid = p.relnamespace
   where c.contype = 'f' and c.conrelid = $1::pg_catalog.oid and c.conparentid = 0
     and coalesce(pg_catalog.to_jsonb(c) ->> 'conenforced', 'true') = 'true'
     and coalesce(pg_catalog.to_jsonb(c) ->> 'conperiod', 'false') = 'false'
     and exists (select from pg_catalog.pg_trigger t where t.tgconstraint = c.oid and t.tgrelid = c.conrelid and t.tgenabled in ('O', 'A'))
   order by c.conname`;
