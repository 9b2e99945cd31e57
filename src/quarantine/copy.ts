import { orphanPredicate } from '../catalog/orphans';
import { count } from '../catalog/row';
import { changedBy } from '../delete-action';
import type { ForeignKey, Table } from '../catalog/catalog';
import type { TableName } from '../schema';
import { integer, join, literal, qualified, sql, type Sql } from '../sql';
import { rowText } from './row-text';
import { changedColumnsOf, type CleanChange } from './task';
import {
  asDeleted,
  atLevel,
  child,
  goneParents,
  isNotGone,
  places,
  pointsAtGone,
  standsAt,
  type Batch,
} from './taken';

/** Copies the orphans among the listed rows and locks them. Rows that have moved or found a parent are left out. */
export async function copyOrphans(
  batch: Batch,
  change: CleanChange,
  table: Table,
  list: Sql,
): Promise<number> {
  const { orphans, strategy, newParent } = change;
  const rows = sql`${rowOf(table)}, ${places(list)} where ${standsAt(child)} and ${orphanPredicate(orphans, child)} for update of ${child}`;
  return insert(batch, rows, {
    table: orphans.child,
    action: strategy === 'delete' ? 'delete' : 'change',
    level: 0,
    changed: changedColumnsOf(change),
    ...(newParent && { given: newParent }),
  });
}

/**
 * Copies and locks the rows that CASCADE would take along below the deletes of one level. Returns how many are new;
 * without `seenBefore` the batch has no copy of that table yet, so that none has to be looked for.
 */
export async function copyCascade(
  batch: Batch,
  key: ForeignKey,
  table: Table,
  { level, seenBefore }: { readonly level: number; readonly seenBefore: boolean },
): Promise<number> {
  const rows = sql`${goneParents(batch, key, sql`${asDeleted} and ${atLevel(level)}`)} ${rowOf(table)} where ${pointsAtGone(key)}${seenBefore ? sql` and ${isNotGone(batch)}` : sql``} for update of ${child}`;
  return insert(batch, rows, {
    table: key.child,
    action: 'delete',
    level: level + 1,
    via: key.name,
    changed: [],
  });
}

/** Copies and locks the rows that SET NULL or SET DEFAULT would change behind this batch's deletes. */
export async function copyChanges(batch: Batch, key: ForeignKey, table: Table): Promise<number> {
  const rows = sql`${goneParents(batch, key)} ${rowOf(table)} where ${pointsAtGone(key)} and ${isNotGone(batch)} for update of ${child}`;
  return insert(batch, rows, {
    table: key.child,
    action: 'change',
    level: 1,
    via: key.name,
    changed: changedBy(key),
  });
}

const rowOf = (table: Table): Sql => sql`
  select ${copied(table)} from ${ownRows(table)} as ${child}`;

/** What is kept of a row, as (oid, tid, row_data). */
export const copied = ({ columns }: Table): Sql =>
  sql`${child}.tableoid as oid, ${child}.ctid as tid, ${rowText(child, columns)} as row_data`;

/** A key holds the rows of its table and of its partitions, but not those of tables that inherit from it. */
export const ownRows = ({ name, kind }: Table): Sql =>
  kind === 'partitioned table' ? qualified(name) : sql`only ${qualified(name)}`;

const texts = (values: readonly string[]): Sql => sql`array[${join(values.map(literal), ', ')}]::text[]`;

interface Copy {
  readonly table: TableName;
  readonly action: 'delete' | 'change';
  readonly level: number;
  readonly via?: string;
  readonly changed: readonly string[];
  /** What the changed columns get instead, where it is not null. */
  readonly given?: readonly string[];
}

/** A row that two keys would change is copied once, with the columns of both; one that goes has no copy before (23505). */
async function insert(batch: Batch, rows: Sql, copy: Copy): Promise<number> {
  const [result] = await batch.session.query(sql`
    with copied as (${intoQuarantine(batch, sql`(${rows})`, copy)} ${copy.action === 'change' ? bothChange : sql``} returning 1)
    select pg_catalog.count(*) as rows from copied`);
  return count(result, 'rows');
}

/** The statement that writes copies of rows, which `source` has as (oid, tid, row_data). */
export const intoQuarantine = (
  batch: Batch,
  source: Sql,
  { table, action, level, via, changed, given }: Copy,
): Sql => sql`
      insert into ${batch.ledger}.quarantine as q
             (run_id, step, batch, action, level, via, table_schema, table_name, changed_columns, given, row_data, source_oid, source_ctid)
      select ${literal(batch.runId)}::uuid, ${literal(batch.step)}, ${integer(batch.number)}, ${literal(action)}, ${integer(level)},
             ${via === undefined ? sql`null` : literal(via)}, ${literal(table.schema)}, ${literal(table.name)},
             ${texts(changed)}, ${given ? sql`pg_catalog.jsonb_object(${texts(changed)}, ${texts(given)})` : sql`null`}, r.row_data, r.oid, r.tid
        from ${source} r`;

const bothChange = sql`
          on conflict (run_id, step, batch, source_oid, source_ctid) do update
         set changed_columns = q.changed_columns || excluded.changed_columns
       where q.action = 'change'`;
