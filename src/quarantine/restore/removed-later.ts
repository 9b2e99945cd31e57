import { text } from '../../catalog/row';
import { groupBy } from '../../group-by';
import { sql, type Sql } from '../../sql';
import type { Failed } from './attempt';
import { idList } from './copies';
import type { RestoreTask } from './task';

/**
 * Says of changed rows that were not found where they are: a row that was changed, then removed, and whose removal could
 * not be undone is neither lost nor somebody else's work. It comes back with the removal.
 */
export async function sayWhereTheyAre(
  task: Pick<RestoreTask, 'session' | 'ledger'>,
  failed: readonly Failed[],
): Promise<readonly Failed[]> {
  const lost = failed.filter(
    ({ action, reason }) => action === 'change' && (reason.code === '02000' || reason.unsure),
  );
  const removals = new Map<string, string>();
  for (const alike of groupBy(lost, ({ table, changed }) => JSON.stringify([table, changed])).values())
    for (const [id, removal] of await readRemovals(task, alike)) removals.set(id, removal);
  return failed.map((row) => {
    const removal = removals.get(row.id);
    if (removal === undefined) return row;
    const words = `the run removed it later, and that copy (row ${removal}) is not back`;
    return { ...row, reason: { text: words, code: '02000' } };
  });
}

/** The open copy of each row's removal: it has what the row kept, and what the change had written. */
async function readRemovals(
  { session, ledger }: Pick<RestoreTask, 'session' | 'ledger'>,
  rows: readonly Failed[],
): Promise<readonly (readonly [id: string, removal: string])[]> {
  const found = await session.query(removalsQuery(ledger), [
    idList(rows.map(({ id }) => id)),
    JSON.stringify(rows[0]?.changed ?? []),
  ]);
  return found.map((row) => [text(row, 'id'), text(row, 'removal')]);
}

const removalsQuery = (ledger: Sql): Sql => sql`
  with changed as (select array(select pg_catalog.jsonb_array_elements_text($2::pg_catalog.jsonb)) as names),
  lost as materialized (
    select q.* from ${ledger}.quarantine q where q.id = any ($1::bigint[]))
  select lost.id, pg_catalog.min(removed.id) as removal
    from changed, lost join ${ledger}.quarantine removed
      on removed.run_id = lost.run_id and removed.table_schema = lost.table_schema and removed.table_name = lost.table_name
     and removed.action = 'delete' and removed.restored_at is null and removed.id > lost.id
   where removed.row_data - changed.names = lost.row_data - changed.names
     and not exists (select from unnest(changed.names) name(text)
                      where removed.row_data ->> name.text is distinct from lost.given ->> name.text)
   group by lost.id`;
