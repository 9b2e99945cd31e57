import { groupBy } from '../../group-by';
import { alikeIn } from './alike';
import { failedOf, orReason, type Failed, type Trying } from './attempt';
import { markRestored, readCopies } from './copies';
import { insertTogether, type Alike } from './insert';
import type { Parents } from './missing-parents';
import type { Reason } from './reason';
import { roundedAway } from './rounded-away';

/** More rows than this are only put into one statement where there is no other way. */
const MOST_TOGETHER = 2_000;

/** What can come back in which way. */
export interface Order {
  /** Rows whose parents are all there. */
  readonly atOnce: readonly string[];
  /** Deleted rows that need each other, each list in one statement. */
  readonly together: readonly (readonly string[])[];
}

/** Rows that nothing joins come back in any order; rows that point at each other come back together. */
export function orderOf({ possible }: Parents, isDeleted: (id: string) => boolean): Order {
  const lists = [...components(possible)].map((ids) => ids.filter(isDeleted));
  const together = lists.filter((ids) => ids.length > 1 || ids.some((id) => hasNeeds(possible, id)));
  const small = together.filter(
    (ids) => ids.length <= MOST_TOGETHER || !ids.some((id) => !hasNeeds(possible, id)),
  );
  const inOne = new Set(small.flat());
  return {
    atOnce: [...possible.keys()].filter((id) => !inOne.has(id) && !hasNeeds(possible, id)),
    together: small,
  };
}

const hasNeeds = (possible: Parents['possible'], id: string): boolean => (possible.get(id)?.length ?? 0) > 0;

/** Lists of copies that are joined by what they point at. */
function components(possible: Parents['possible']): Iterable<readonly string[]> {
  const leader = new Map<string, string>();
  const find = (id: string): string => {
    let top = id;
    for (let next = leader.get(top); next !== undefined && next !== top; next = leader.get(top)) top = next;
    leader.set(id, top);
    return top;
  };
  for (const [id, parents] of possible) for (const one of parents) leader.set(find(id), find(one));
  return groupBy([...possible.keys()], find).values();
}

async function rounded(work: Trying, groups: readonly Alike[]): Promise<Reason | undefined> {
  for (const alike of groups) {
    const reason = await roundedAway(work.session, alike);
    if (reason) return reason;
  }
  return undefined;
}

/** Puts rows that need each other back, in one statement. Returns all of them where it cannot be. */
export async function tryTogether(
  work: Trying,
  ids: readonly string[],
): Promise<{ readonly restored: number; readonly failed: readonly Failed[] }> {
  const copies = await readCopies(work, ids);
  const { groups, failed } = await alikeIn(work, copies);
  const reason = await orReason(work, async () => {
    const other = failed[0]?.reason ?? (await rounded(work, groups)) ?? (await insertTogether(work, groups));
    if (!other) await markRestored(work, ids);
    return other;
  });
  if (!reason) return { restored: copies.length, failed: [] };
  const text = `it and rows that it needs, or that need it, cannot come back together: ${reason.text}`;
  return { restored: 0, failed: copies.map((copy) => failedOf(copy, { text })) };
}
