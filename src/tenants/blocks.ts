import type { SchemaSize } from '../catalog/census';

/** So many tables are read at once at most, and no more are held at a time by one session: they take about 15 MB. */
const MOST_TABLES = 2_500;

/** Tenants in the order of their names, packed so that one reading of the catalog is worth its while. */
export function blocksOf(
  tenants: readonly SchemaSize[],
  sessions: number,
): readonly (readonly SchemaSize[])[] {
  const total = tenants.reduce((sum, { tables }) => sum + tables, 0);
  const room = Math.min(MOST_TABLES, Math.ceil(total / sessions));
  const blocks: SchemaSize[][] = [];
  let filled = Infinity;
  for (const tenant of tenants) {
    if (filled + tenant.tables > room) {
      blocks.push([]);
      filled = 0;
    }
    blocks.at(-1)?.push(tenant);
    filled += tenant.tables;
  }
  return blocks;
}
