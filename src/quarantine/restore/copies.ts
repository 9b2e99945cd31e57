import { has } from '../../own';
import { flag, text } from '../../catalog/row';
import type { Row } from '../../db';
import type { TableName } from '../../schema';
import { integer, sql, type Sql } from '../../sql';
import { isConverted, leftBy } from '../conversion-copy';
import type { Left, Values } from './find-row';
import type { RestoreTask } from './task';

/** What stands in the quarantine about one row. */
export interface Copy {
  readonly id: string;
  readonly action: 'delete' | 'change';
  readonly level: number;
  readonly table: TableName;
  /** Where the row was. */
  readonly sourceOid: string;
  readonly values: Values;
  readonly changed: readonly string[];
  /** What the guard wrote into the changed columns, where that is not null. */
  readonly left: Left;
  /** What is wrong with the copy itself; it may have been edited by hand. */
  readonly broken?: string;
}

/** One transaction of a clean-up. */
export interface CopiedBatch {
  readonly step: string;
  readonly batch: string;
}

type Where = Pick<RestoreTask, 'session' | 'ledger' | 'runId'>;

/** What was done last is undone first: a row may have been changed by one batch and deleted by a later one. */
export async function readBatches({ session, ledger, runId }: Where): Promise<readonly CopiedBatch[]> {
  const rows = await session.query(
    sql`select q.step, q.batch from ${ledger}.quarantine q where q.run_id = $1::uuid and q.restored_at is null
         group by 1, 2 order by pg_catalog.max(q.id) desc`,
    [runId],
  );
  return rows.map((row) => ({ step: text(row, 'step'), batch: text(row, 'batch') }));
}

/** Copies of a batch that are still open, parents first, after one that was read before. */
export async function readPage(
  { session, ledger, runId }: Where,
  { step, batch }: CopiedBatch,
  after: Pick<Copy, 'level' | 'id'> | undefined,
  size: number,
): Promise<readonly Copy[]> {
  const rows = await session.query(
    sql`${copiesIn(ledger)} where q.run_id = $1::uuid and q.step = $2 and q.batch = $3::integer and q.restored_at is null
           and (q.level, q.id) > ($4::integer, $5::bigint) order by q.level, q.id limit ${integer(size)}`,
    [runId, step, batch, after?.level ?? -2_147_483_648, after?.id ?? '-1'],
  );
  return rows.map(copyOf);
}

/** The copies with these ids, in the order in which they were taken. */
export async function readCopies(
  { session, ledger }: Where,
  ids: readonly string[],
): Promise<readonly Copy[]> {
  const rows = await session.query(
    sql`${copiesIn(ledger)} where q.id = any ($1::bigint[]) and q.restored_at is null order by q.level, q.id`,
    [idList(ids)],
  );
  return rows.map(copyOf);
}

/** Writes down that rows are back. */
export const markRestored = ({ session, ledger }: Where, ids: readonly string[]): Promise<unknown> =>
  session.query(
    sql`update ${ledger}.quarantine q set restored_at = pg_catalog.clock_timestamp() where q.id = any ($1::bigint[])`,
    [idList(ids)],
  );

/** Ids as PostgreSQL reads a list of numbers. */
export const idList = (ids: readonly string[]): string => `{${ids.join(',')}}`;

const copiesIn = (ledger: Sql): Sql => sql`
  select q.id, q.action, q.level, q.table_schema, q.table_name, q.source_oid, q.row_data, pg_catalog.to_jsonb(q.changed_columns) as changed,
         pg_catalog.to_jsonb(q) -> 'given' as given, ${isConverted(sql`q`)} as converted
    from ${ledger}.quarantine q`;

/** A copy as it stands there. Whoever may write to the quarantine can have put anything into it. */
function copyOf(row: Row): Copy {
  const action = text(row, 'action');
  const values = valuesIn(row['row_data']);
  const given = valuesIn(row['given'] ?? 'null');
  const changed = namesIn(row['changed'] ?? '[]');
  const broken = faultOf(action, values, given, changed);
  return {
    id: text(row, 'id'),
    action: action === 'change' ? 'change' : 'delete',
    level: Number(text(row, 'level')),
    table: { schema: text(row, 'table_schema'), name: text(row, 'table_name') },
    sourceOid: text(row, 'source_oid'),
    values: values ?? {},
    changed: changed ?? [],
    left: leftBy(flag(row, 'converted'), given ?? {}),
    ...(broken !== undefined && { broken }),
  };
}

function faultOf(
  action: string,
  values: Values | undefined,
  given: Values | undefined,
  changed: readonly string[] | undefined,
): string | undefined {
  if (action !== 'change' && action !== 'delete') return 'its copy says neither delete nor change';
  if (!values || !given || !changed) return 'its copy is no row of texts: it may have been edited';
  if (Object.keys(values).length === 0) return 'its copy is empty';
  if (action === 'delete') return undefined;
  if (changed.length === 0) return 'its copy does not say which columns were changed';
  const lost = changed.find((name) => !has(values, name));
  return lost === undefined ? undefined : `its copy has no value of ${lost}`;
}

/** Column → text, without a prototype: a column may be called `constructor`. */
function valuesIn(written: string | null | undefined): Values | undefined {
  const read: unknown = JSON.parse(written ?? 'null');
  if (read === null) return written === 'null' ? {} : undefined;
  if (typeof read !== 'object' || Array.isArray(read)) return undefined;
  const isText = (value: unknown): boolean => value === null || typeof value === 'string';
  return Object.values(read).every(isText)
    ? Object.assign(Object.create(null) as Record<string, string | null>, read)
    : undefined;
}

function namesIn(written: string): readonly string[] | undefined {
  const read: unknown = JSON.parse(written);
  const isList = Array.isArray(read) && read.every((name): name is string => typeof name === 'string');
  return isList ? [...new Set(read)] : undefined;
}
