import { acceptsTypes, hasKeys } from '../catalog/accepts-types';
import type { Table } from '../catalog/catalog';
import { countOrphans, NO_ORPHANS, type Orphans } from '../catalog/count-orphans';
import { measureKey } from '../catalog/key-quality';
import { catalogSearchPath } from '../catalog/session-guards';
import type { Session } from '../db';
import { keepTime, type Look } from '../execution/look';
import { applicationSearchPath } from '../execution/session-settings';
import { smallHash } from '../execution/small-hash';
import { measurable, orphanCondition } from '../pairing/measurable';
import { countedBefore } from './counted-before';
import { measureMismatch } from './measure-mismatch';
import type { MeasuredRelation, MeasuredTable, NotMeasured, PairedRelation } from '../snapshot';

/**
 * How closely to look: `catalog` reads rows only of what a repair has to know about a broken key, none of a healthy
 * database; `surface` reads none at all.
 */
export type Depth = 'surface' | 'catalog' | 'rows';

/** What the catalog alone tells of the relation, where that is everything; `undefined` where a question has to be asked. */
export function answerOf(
  pair: PairedRelation,
  { settings }: Look,
  depth: Depth,
): MeasuredRelation | undefined {
  if (pair.parent !== undefined && !pair.target && depth !== 'surface') return undefined;
  const condition = measurable(pair, settings.scan);
  if (condition === 'type-mismatch') return undefined;
  if (typeof condition === 'string') return { ...pair, orphans: condition };
  return depth === 'rows' ? undefined : { ...pair, orphans: 'deferred' };
}

/** Counts what has to be counted of one relation. */
export async function measureRelation(
  session: Session,
  relation: PairedRelation,
  searchPath: readonly string[],
  look: Look,
  depth: Depth,
): Promise<MeasuredRelation> {
  const { settings } = look;
  const condition = measurable(relation, settings.scan);
  const found =
    condition === 'type-mismatch'
      ? await measureMismatch(session, relation, searchPath, look, depth)
      : undefined;
  const targetQuality =
    relation.parent && !relation.target && depth !== 'surface'
      ? await keyQuality(session, relation.parent, relation.relation.parentColumns, look)
      : undefined;
  // A new parent is looked for by the key's own equality: that has to wait until the types fit.
  const source = POSTPONED.includes(relation.relation.orphanPolicy) ? undefined : found?.source;
  const countable = source ? orphanCondition(relation) : condition;
  const orphans =
    typeof countable === 'string'
      ? ((await orphansOfEmpty(session, relation, countable, look, depth)) ?? countable)
      : depth !== 'rows'
        ? 'deferred'
        : await inPath(session, source && relation.relation.remap ? searchPath : [], async () => {
            const before = !source && countedBefore(countable, look);
            if (before) return before;
            await keepTime(session, look);
            const options = { samples: settings.sampleKeys, ...(source && { source }) };
            return { ...(await countQuickly(session, countable, options)), childRows: 0 };
          });
  return {
    ...relation,
    orphans,
    ...(targetQuality && { targetQuality }),
    ...(found && { mismatch: found.mismatch }),
  };
}

const POSTPONED: readonly string[] = ['reparent', 'create'];

async function countQuickly(
  ...[session, condition, ...asked]: Parameters<typeof countOrphans>
): Promise<Orphans> {
  await session.query(smallHash.begin(condition.child));
  const found = await countOrphans(session, condition, ...asked);
  await session.query(smallHash.asUsual);
  return found;
}

/** A user's own query is looked up along the application's path, everything else along none. */
async function inPath<T>(session: Session, path: readonly string[], work: () => Promise<T>): Promise<T> {
  if (path.length === 0) return work();
  await session.query(applicationSearchPath(path));
  const result = await work();
  await session.query(catalogSearchPath);
  return result;
}

/** A table without a complete key has no orphans, also where the guard cannot compare the types and PostgreSQL can. */
async function orphansOfEmpty(
  session: Session,
  pair: PairedRelation,
  reason: NotMeasured,
  look: Look,
  depth: Depth,
): Promise<MeasuredRelation['orphans'] | undefined> {
  const { child, holder, rivals } = pair;
  if (reason !== 'type-mismatch' || holder || rivals.length > 0) return undefined;
  if (
    !child?.may.select ||
    child.rowSecurity ||
    child.foreignPartitions ||
    !(await acceptsTypes(session, pair))
  )
    return undefined;
  if (depth !== 'rows') return 'deferred';
  await keepTime(session, look);
  return (await hasKeys(session, pair)) ? undefined : { ...NO_ORPHANS, childRows: 0 };
}

/** Whether columns could be a key; nothing where their rows cannot be looked at. */
export async function keyQuality(
  session: Session,
  table: Table,
  columns: readonly string[],
  look: Look,
): Promise<MeasuredTable['keyQuality']> {
  const known = columns.every((column) => table.columns.some(({ name }) => name === column));
  const readable =
    (table.kind === 'table' || table.kind === 'partitioned table') &&
    table.may.select &&
    !table.rowSecurity &&
    !table.foreignPartitions;
  if (!known || !readable) return undefined;
  await keepTime(session, look);
  return measureKey(session, table.name, columns);
}
