import { count, text } from '../../catalog/row';
import type { Session } from '../../db';
import { tableId } from '../../names';
import type { RestoreOutcome } from '../../quarantine-outcome';
import { sql, type Sql } from '../../sql';

/** The parents that a run has made, by its ledger. They stay when its rows come back: other rows may point at them by now. */
export async function parentsOf(
  session: Session,
  ledger: Sql,
  runId: string,
): Promise<NonNullable<RestoreOutcome['createdParents']>> {
  const rows = await session.query(
    sql`
    select s.change #>> '{children,parent,schema}' as schema, s.change #>> '{children,parent,name}' as name, pg_catalog.sum(s.rows) as rows
      from ${ledger}.step s
     where s.run_id::text = $1 and s.change ->> 'op' = 'create-parents'
     group by 1, 2 having pg_catalog.sum(s.rows) > 0 order by 1, 2`,
    [runId],
  );
  return rows.map((row) => ({
    table: tableId({ schema: text(row, 'schema'), name: text(row, 'name') }),
    rows: count(row, 'rows'),
  }));
}
