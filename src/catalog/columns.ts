import type { Column } from './catalog';
import { sql, type Sql } from '../sql';
import { once } from './once';
import { list, number, type Parts } from './parts';

/**
 * The part `columns` of each relation, and of each parent of a key that is none of them: the names, and what each column
 * is in the numbers of the catalog. Hundreds of columns have the same numbers, whose words are asked for once. Dropped
 * columns are among them, so that a place in the list is the number of a column.
 *
 * The tables are an array, which is looked up in the index of `pg_attribute`: it holds as many columns of indexes and of
 * PostgreSQL's own tables besides.
 */
export const columnParts: Sql = sql`
select 'columns', attribute.attrelid, json_agg(attribute.attname order by attribute.attnum)::text,
  string_agg(concat_ws(',', attribute.atttypid, attribute.atttypmod, attribute.attcollation, attribute.attnotnull,
    attribute.attgenerated, attribute.attidentity), ' ' order by attribute.attnum), null, null
from pg_catalog.pg_attribute attribute
where attribute.attrelid = any (array(select oid from relation union select confrelid from key)) and attribute.attnum > 0
group by attribute.attrelid`;

/** What many columns have in common, in numbers; those that were dropped have no type any more. */
export interface ColumnKind {
  readonly type: number;
  readonly modifier: number;
  readonly collation: number;
  readonly notNull: boolean;
  readonly generated: Column['generated'];
  readonly identity: Column['identity'];
}

/** The columns of one table by their numbers, of which the first is 1. */
export interface NumberedColumns {
  readonly names: readonly string[];
  readonly kinds: readonly ColumnKind[];
}

const GENERATED: Readonly<Record<string, Column['generated']>> = { s: 'stored', v: 'virtual' };
const IDENTITY: Readonly<Record<string, Column['identity']>> = { a: 'always', d: 'by default' };

/** The columns of each table by its oid, and every kind of column that there is. */
export function numberedColumns(parts: Parts): {
  readonly byTable: ReadonlyMap<string, NumberedColumns>;
  readonly kinds: readonly ColumnKind[];
} {
  const kinds: ColumnKind[] = [];
  const kindOf = once((text: string) => {
    const kind = parseKind(text);
    if (kind.type !== 0) kinds.push(kind);
    return kind;
  });
  const byTable = new Map<string, NumberedColumns>();
  for (const [oid, { one, two }] of parts('columns'))
    byTable.set(oid, { names: list<string>(one), kinds: (two ?? '').split(' ').map((text) => kindOf(text)) });
  return { byTable, kinds };
}

function parseKind(text: string): ColumnKind {
  const [type, modifier, collation, notNull, generated = '', identity = ''] = text.split(',');
  return {
    type: number(type),
    modifier: number(modifier),
    collation: number(collation),
    notNull: notNull === 't',
    generated: GENERATED[generated] ?? 'no',
    identity: IDENTITY[identity] ?? 'no',
  };
}
