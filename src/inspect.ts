import { countHalfNull } from './catalog/half-null';
import { readCatalog } from './catalog/read';
import { readServer } from './catalog/server';
import { catalogSearchPath, sessionGuards } from './catalog/session-guards';
import { transaction, type Session } from './db';
import { reading } from './execution/session-settings';
import { partialKeys } from './half-null';
import { keyQuality, measureRelation, type Depth } from './measure-relation';
import type { Settings } from './options';
import { withNewParents } from './new-parents';
import { pair } from './pair';
import { applyPolicy } from './policy/wanted';
import type { Expected } from './expected';
import type { HalfNullKey, MeasuredRelation, MeasuredTable, PairedTable, Pairs, Snapshot } from './snapshot';

export type { Depth } from './measure-relation';

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
      relations.push(await measureRelation(session, relation, server.searchPath, settings, depth));
    const tables: MeasuredTable[] = [];
    for (const table of pairs.tables) tables.push(await measureTable(session, table));
    const halfNull = depth === 'rows' ? await measureHalfNull(session, pairs, settings) : [];
    const others = applyPolicy({ tables: [], relations: expected.others ?? [] }, settings);
    return { ...pairs, relations, tables, halfNull, bystanders: pair(others, [], catalog).relations };
  });
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

async function measureTable(session: Session, paired: PairedTable): Promise<MeasuredTable> {
  const lacksKey =
    paired.table &&
    paired.model.primaryKey.length > 0 &&
    !paired.table.uniqueIndexes.some(({ primary }) => primary);
  const quality =
    lacksKey && paired.table ? await keyQuality(session, paired.table, paired.model.primaryKey) : undefined;
  return { ...paired, ...(quality && { keyQuality: quality }) };
}
