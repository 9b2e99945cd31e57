import { countReferring, rowsReferring, type RowPlace } from '../../catalog/reached-rows';
import type { Session } from '../../db';
import { groupBy } from '../../group-by';
import { tableId } from '../../names';
import type { Acting } from './acting';
import { settle, stillRefers, type ActingKey, type Fate, type Fates, type Match } from './fate';
import type { ImpactDoubt } from './impact';
import { ofOrder, tooMany, unfollowable } from './unfollowable';

/** Rows that nothing else leads to and that lead nowhere: it is enough to know how many. */
export interface Counted {
  readonly acting: ActingKey;
  readonly level: number;
  readonly rows: number;
}

/** Where a delete has led. */
export interface Followed {
  readonly fates: Fates;
  readonly counted: Counted[];
  /** By their message, so that each is told once. */
  readonly doubts: Map<string, ImpactDoubt>;
  /** The keys that had something to look for. */
  readonly fired: Set<ActingKey>;
}

/** What a walk goes by. `most` is how many rows it may hold. */
export interface Walk extends Followed {
  readonly session: Session;
  readonly acting: Acting;
  readonly most: number;
}

/** Follows everything that one delete sets off, round by round as PostgreSQL's queue does, with a query for each key of a round. */
export async function follow(walk: Walk, start: readonly RowPlace[]): Promise<Followed> {
  const waiting: Match[] = [];
  for (const place of start) walk.fates.set(rowId(place), { deleted: { level: 0 }, changed: [], blocks: [] });
  let gone = start;
  for (let level = 1; gone.length > 0; level++) {
    const found = await nextRound(walk, gone, level);
    if (!found) break;
    waiting.push(...found.filter(isDeferred));
    const next: RowPlace[] = [];
    for (const [child, matches] of groupBy(
      found.filter((match) => !isDeferred(match)),
      ({ child }) => child,
    )) {
      if (settle(matches, walk.fates, level)) doubt(walk, ofOrder(matches));
      if (walk.fates.get(child)?.deleted?.level === level) next.push(placeOf(child));
    }
    gone = next;
  }
  refuseAtCommit(waiting, walk.fates);
  return walk;
}

const isDeferred = ({ acting }: Match): boolean => acting.trigger.deferred;

/** Who refers to the rows that have gone in the round before; nothing when that is too much to hold. */
async function nextRound(
  walk: Walk,
  gone: readonly RowPlace[],
  level: number,
): Promise<readonly Match[] | undefined> {
  const found: Match[] = [];
  for (const [table, places] of groupBy(gone, (place) => place.table)) {
    for (const [order, key] of walk.acting.keysOf(table).entries()) {
      const left = walk.most - walk.fates.size - found.length;
      const matches = await descend(walk, { table, places, key, order, level, left });
      if (!matches) return undefined;
      for (const match of matches) found.push(match);
    }
  }
  return found;
}

interface Step {
  readonly table: number;
  readonly places: readonly RowPlace[];
  readonly key: ActingKey;
  readonly order: number;
  readonly level: number;
  readonly left: number;
}

async function descend(
  walk: Walk,
  { table, places, key, order, level, left }: Step,
): Promise<readonly Match[] | undefined> {
  walk.fired.add(key);
  const { acting, session } = walk;
  const obstacle = unfollowable(key, acting);
  if (obstacle) {
    doubt(walk, obstacle);
    return [];
  }
  const descent = {
    key: key.key,
    parent: acting.table(table),
    child: acting.named(key.key.child),
    tids: places.map(({ tid }) => tid),
  };
  if (acting.isLone(key)) {
    const rows = await countReferring(session, descent);
    if (rows > 0) walk.counted.push({ acting: key, level, rows });
    return [];
  }
  const references = await rowsReferring(session, descent, left + 1);
  if (references.length > left) {
    doubt(walk, tooMany(tableId(key.key.child), walk.most));
    return undefined;
  }
  return references.map(({ parentTid, child }) => ({
    parent: rowId({ table, tid: parentTid }),
    child: rowId(child),
    order,
    acting: key,
  }));
}

/** A deferred key looks when everything else has happened. */
function refuseAtCommit(waiting: readonly Match[], fates: Fates): void {
  for (const { child, acting } of waiting) {
    const fate: Fate = fates.get(child) ?? { changed: [], blocks: [] };
    if (fate.deleted || !stillRefers(fate, acting)) continue;
    fate.blocks.push(acting);
    fates.set(child, fate);
  }
}

const doubt = ({ doubts }: Followed, told: ImpactDoubt): unknown => doubts.set(told.message, told);

const rowId = ({ table, tid }: RowPlace): string => `${table} ${tid}`;

/** The table that a row stands in, by oid. */
export const tableOfRow = (id: string): number => Number(id.slice(0, id.indexOf(' ')));

const placeOf = (id: string): RowPlace => ({ table: tableOfRow(id), tid: id.slice(id.indexOf(' ') + 1) });
