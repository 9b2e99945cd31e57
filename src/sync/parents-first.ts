import { alg, Graph } from '@dagrejs/graphlib';
import { readModels } from '../model/read';
import type { SequelizeLike } from '../model/sequelize-like';
import { isModel, type SyncTarget } from '../model/sync-scope';
import { tableId } from '../names';

/**
 * Ranks syncs: that of the whole instance first, then those of parents before those of their children. Models of one
 * cycle share a rank.
 */
export function parentsFirst(sequelize: SequelizeLike): (target: SyncTarget) => number {
  const { tables, relations } = readModels(sequelize);
  const graph = new Graph();
  for (const { table } of tables) graph.setNode(tableId(table));
  for (const { child, parent } of relations) graph.setEdge(tableId(parent), tableId(child));
  const components = alg.tarjan(graph).reverse();
  const placeOf = new Map(components.flatMap((ids, place) => ids.map((id) => [id, place] as const)));
  const places = new Map(tables.map(({ model, table }) => [model, placeOf.get(tableId(table)) ?? 0]));
  return (target) => (isModel(target) ? (places.get(target.name) ?? 0) : -1);
}
