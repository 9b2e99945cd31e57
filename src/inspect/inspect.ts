import { countHalfNull } from '../catalog/half-null';
import { readCatalog } from '../catalog/read';
import type { Session } from '../db';
import { keepTime, lookInto, type Look } from '../execution/look';
import { partialKeys } from '../pairing/half-null';
import { withChildRows } from './child-rows';
import { measureAll } from './measure-all';
import { keyQuality, type Depth } from './measure-relation';
import { withNewParents } from './new-parents';
import { pair, pairRelations } from '../pairing/pair';
import { applyPolicy } from '../policy/wanted';
import { resolverOf } from '../pairing/resolve';
import { withSameColumns } from '../pairing/same-columns';
import type { Expected, Relation } from '../expected';
import type { HalfNullKey, MeasuredTable, PairedTable, Pairs, Snapshot } from '../snapshot';

export type { Depth } from './measure-relation';

/** Looks at the database beside the models: one read-only transaction, a fixed number of catalog queries, then counts where they are needed. Options that need to know a parent look once more. */
export async function inspect(
  session: Session,
  expected: Expected,
  look: Look,
  depth: Depth,
): Promise<Snapshot> {
  const snapshot = await inspectOnce(session, expected, look, depth);
  return depth === 'rows' ? withNewParents(session, snapshot, look) : snapshot;
}

function inspectOnce(session: Session, expected: Expected, look: Look, depth: Depth): Promise<Snapshot> {
  const { settings } = look;
  return lookInto(session, look, async (server) => {
    const catalog = await (look.read ?? readCatalog)(session, server);
    const heard = withSameColumns(expected, resolverOf(catalog));
    const pairs = pair(applyPolicy(heard, settings), expected.tables, catalog);
    const measured = await measureAll(session, pairs.relations, catalog.server.searchPath, look, depth);
    const relations = await withChildRows(session, measured, look);
    const tables: MeasuredTable[] = [];
    for (const table of pairs.tables)
      tables.push(lacksKey(table, depth) ? await measureTable(session, table, look) : table);
    const halfNull = depth === 'rows' ? await measureHalfNull(session, pairs, look) : [];
    const beside = (others: readonly Relation[] = [], models: Expected['tables'] = []) =>
      pairRelations(applyPolicy({ tables: [], relations: others }, settings), models, catalog);
    const bystanders = beside(expected.others);
    const unconstrained = beside(expected.unconstrained, expected.tables);
    return { ...pairs, relations, tables, halfNull, bystanders, unconstrained };
  });
}

async function measureHalfNull(session: Session, pairs: Pairs, look: Look): Promise<Snapshot['halfNull']> {
  const { sampleKeys } = look.settings;
  const measured: HalfNullKey[] = [];
  for (const key of partialKeys(pairs)) {
    await keepTime(session, look);
    measured.push({ ...key, ...(await countHalfNull(session, key.child.name, key.columns, sampleKeys)) });
  }
  return measured;
}

const lacksKey = ({ table, model }: PairedTable, depth: Depth): boolean =>
  depth !== 'surface' &&
  table !== undefined &&
  model.primaryKey.length > 0 &&
  !table.uniqueIndexes.some(({ primary }) => primary);

async function measureTable(session: Session, paired: PairedTable, look: Look): Promise<MeasuredTable> {
  const quality = paired.table && (await keyQuality(session, paired.table, paired.model.primaryKey, look));
  return { ...paired, ...(quality && { keyQuality: quality }) };
}
