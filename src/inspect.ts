import { acceptsTypes, hasKeys } from './catalog/accepts-types';
import { countOrphans } from './catalog/count-orphans';
import { countHalfNull } from './catalog/half-null';
import { measureKey } from './catalog/key-quality';
import { readCatalog } from './catalog/read';
import { readServer } from './catalog/server';
import { catalogSearchPath, sessionGuards } from './catalog/session-guards';
import { transaction, type Session } from './db';
import { reading } from './execution/session-settings';
import { partialKeys } from './half-null';
import { measurable } from './measurable';
import type { Settings } from './options';
import { withNewParents } from './new-parents';
import { pair } from './pair';
import { applyPolicy } from './policy/wanted';
import type { Table } from './catalog/catalog';
import type { Expected, Relation } from './expected';
import type {
  HalfNullKey,
  MeasuredRelation,
  MeasuredTable,
  NotMeasured,
  PairedRelation,
  PairedTable,
  Pairs,
  Snapshot,
} from './snapshot';

/** How closely to look: `catalog` reads no rows, which is enough to know a healthy database. */
export type Depth = 'catalog' | 'rows';

/** Looks at the database beside the models: one read-only transaction, a fixed number of catalog queries, then counts where they are needed. Options that need to know a parent look once more. */
export async function inspect(
  session: Session,
  expected: Expected,
  settings: Settings,
  depth: Depth,
): Promise<Snapshot> {
  const snapshot = await inspectOnce(session, expected, settings, depth);
  return depth === 'rows' ? withNewParents(session, snapshot, settings) : snapshot;
}

function inspectOnce(
  session: Session,
  expected: Expected,
  settings: Settings,
  depth: Depth,
): Promise<Snapshot> {
  return transaction(session, 'read only', [reading(settings), ...sessionGuards], async () => {
    const server = await readServer(session);
    await session.query(catalogSearchPath);
    const catalog = await readCatalog(session, server);
    const pairs = pair(applyPolicy(expected, settings), expected.tables, catalog);
    const relations: MeasuredRelation[] = [];
    for (const relation of pairs.relations)
      relations.push(await measureRelation(session, relation, settings, depth));
    const tables: MeasuredTable[] = [];
    for (const table of pairs.tables) tables.push(await measureTable(session, table));
    const halfNull = depth === 'rows' ? await measureHalfNull(session, pairs, settings) : [];
    const beside = (others: readonly Relation[] = [], models: Expected['tables'] = []) =>
      pair(applyPolicy({ tables: [], relations: others }, settings), models, catalog).relations;
    const bystanders = beside(expected.others);
    const unconstrained = beside(expected.unconstrained, expected.tables);
    return { ...pairs, relations, tables, halfNull, bystanders, unconstrained };
  });
}

async function measureRelation(
  session: Session,
  relation: PairedRelation,
  settings: Settings,
  depth: Depth,
): Promise<MeasuredRelation> {
  const condition = measurable(relation, settings.scan);
  const targetQuality =
    relation.parent && !relation.target
      ? await keyQuality(session, relation.parent, relation.relation.parentColumns)
      : undefined;
  const orphans =
    typeof condition === 'string'
      ? ((await orphansOfEmpty(session, relation, condition, depth)) ?? condition)
      : depth === 'catalog'
        ? 'deferred'
        : await countOrphans(session, condition, { samples: settings.sampleKeys });
  return { ...relation, orphans, ...(targetQuality && { targetQuality }) };
}

async function measureHalfNull(
  session: Session,
  pairs: Pairs,
  { sampleKeys }: Settings,
): Promise<Snapshot['halfNull']> {
  const measured: HalfNullKey[] = [];
  for (const key of partialKeys(pairs))
    measured.push({ ...key, ...(await countHalfNull(session, key.child.name, key.columns, sampleKeys)) });
  return measured;
}

/** A table without a complete key has no orphans, also where the guard cannot compare the types and PostgreSQL can. */
async function orphansOfEmpty(
  session: Session,
  pair: PairedRelation,
  reason: NotMeasured,
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
  if (depth === 'catalog') return 'deferred';
  return (await hasKeys(session, pair))
    ? undefined
    : { rows: 0, sentinelRows: 0, sentinels: [], childRows: 0, parentIsEmpty: false, samples: [] };
}

async function measureTable(session: Session, paired: PairedTable): Promise<MeasuredTable> {
  const lacksKey =
    paired.table &&
    paired.model.primaryKey.length > 0 &&
    !paired.table.uniqueIndexes.some(({ primary }) => primary);
  const quality =
    lacksKey && paired.table ? await keyQuality(session, paired.table, paired.model.primaryKey) : undefined;
  return { ...paired, ...(quality && { keyQuality: quality }) };
}

async function keyQuality(
  session: Session,
  table: Table,
  columns: readonly string[],
): Promise<MeasuredTable['keyQuality']> {
  const known = columns.every((column) => table.columns.some(({ name }) => name === column));
  const readable =
    (table.kind === 'table' || table.kind === 'partitioned table') &&
    table.may.select &&
    !table.rowSecurity &&
    !table.foreignPartitions;
  return known && readable ? measureKey(session, table.name, columns) : undefined;
}
