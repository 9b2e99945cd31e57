import { countRows } from '../catalog/count-rows';
import type { Session } from '../db';
import { keepTime, type Look } from '../execution/look';
import { groupBy } from '../group-by';
import { tableId } from '../names';
import { enoughRows } from '../policy/breaker';
import type { MeasuredRelation } from '../snapshot';

/**
 * Adds to the relations with orphans how large their tables are, as far as the circuit breaker has to know it. Each
 * table is counted once, and no further than to where a share of `limits.fraction` is more than all that could go:
 * a table that ends before that, and so may have to be named with its size, has been counted to its end.
 */
export async function withChildRows(
  session: Session,
  relations: readonly MeasuredRelation[],
  look: Look,
): Promise<readonly MeasuredRelation[]> {
  const { limits } = look.settings;
  const counted = new Map<string, number>();
  for (const [table, own] of groupBy(relations, ({ childName }) => tableId(childName))) {
    const most = own.reduce((sum, relation) => sum + couldGo(relation), 0);
    const orphaned = own.find(hasOrphans);
    if (!orphaned || most <= limits.rows) continue;
    await keepTime(session, look);
    counted.set(table, await countRows(session, orphaned.childName, enoughRows(most, limits)));
  }
  return relations.map((relation) => {
    const { orphans, childName } = relation;
    const childRows = counted.get(tableId(childName));
    return typeof orphans === 'string' || orphans.rows === 0 || childRows === undefined
      ? relation
      : { ...relation, orphans: { ...orphans, childRows } };
  });
}

const hasOrphans = ({ orphans }: MeasuredRelation): boolean =>
  typeof orphans === 'object' && orphans.rows > 0;

/** The policy may leave some of them, and never takes more. */
const couldGo = ({ orphans, mismatch }: MeasuredRelation): number =>
  (typeof orphans === 'string' ? 0 : orphans.rows) + (mismatch?.count?.uncastable ?? 0);
