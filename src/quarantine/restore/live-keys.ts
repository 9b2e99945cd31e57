import { count, flag, json, text } from '../../catalog/row';
import { keyId, type TableKey } from '../../changes/way-back-statement';
import type { Session } from '../../db';
import { sql } from '../../sql';

/** A foreign key as the catalog has it now. */
export interface LiveKey extends TableKey {
  readonly id: string;
  readonly columns: readonly string[];
  readonly onDelete: string;
}

/** Reads every key that is not a partition's share of its table's. Under a search_path of `pg_catalog` the definitions name every schema. */
export async function readLiveKeys(session: Session): Promise<readonly LiveKey[]> {
  return (await session.query(keysQuery)).map((row) => {
    const table = { schema: text(row, 'schema'), name: text(row, 'table') };
    const name = text(row, 'name');
    return {
      id: keyId(table, name),
      table,
      columns: json(row, 'columns'),
      onDelete: text(row, 'on_delete'),
      key: {
        name,
        parent: { schema: text(row, 'parent_schema'), name: text(row, 'parent') },
        definition: text(row, 'definition'),
        // Such a table takes no NOT VALID key before PostgreSQL 18 (0A000).
        ...(flag(row, 'partitioned') && count(row, 'version') < 180_000 && { scanned: true as const }),
      },
    };
  });
}

const keysQuery = sql`
  select n.nspname as schema, r.relname as table, c.conname as name, pn.nspname as parent_schema, p.relname as parent,
         pg_catalog.pg_get_constraintdef(c.oid) as definition, r.relkind = 'p' as partitioned, pg_catalog.current_setting('server_version_num') as version,
         case c.confdeltype when 'a' then 'NO ACTION' when 'r' then 'RESTRICT' when 'c' then 'CASCADE' when 'n' then 'SET NULL' else 'SET DEFAULT' end as on_delete,
         (select pg_catalog.json_agg(a.attname order by k.position)
            from unnest(c.conkey) with ordinality k(attnum, position)
            join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum) as columns
    from pg_catalog.pg_constraint c
    join pg_catalog.pg_class r on r.oid = c.conrelid join pg_catalog.pg_namespace n on n.oid = r.relnamespace
    join pg_catalog.pg_class p on p.oid = c.confrelid join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace
   where c.contype = 'f' and c.conparentid = 0
   order by 1, 2, 3`;
