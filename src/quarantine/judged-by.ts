import { json } from '../catalog/row';
import type { Catalog } from '../catalog/catalog';
import type { OrphanCondition } from '../changes/change';
import type { Cleaning } from '../changes/cleaning';
import type { Row } from '../db';
import { sameTable } from '../names';
import type { Step } from '../outcome';
import { join, literal, qualified, sql, type Sql } from '../sql';

/**
 * What orphans are judged by: which table the parent's name means, and where in it the columns of its key stand. A
 * table that is renamed takes its keys along, so its name alone may soon be that of a table that is being filled.
 */
export type JudgedBy = readonly [oid: number, ...positions: number[]];

type NamedKey = Pick<OrphanCondition, 'parent' | 'parentColumns'>;

/** What orphans would be judged by in this catalog; `undefined` when the parent is gone. */
export function judgedBy({ tables }: Catalog, { parent, parentColumns }: NamedKey): JudgedBy | undefined {
  const table = tables.find(({ name }) => sameTable(name, parent));
  const positions = parentColumns.map(
    (column) => table?.columns.findIndex(({ name }) => name === column) ?? -1,
  );
  return table && [table.oid, ...positions.map((position) => position + 1)];
}

/** True while it is still the same; to be asked under the parent's lock, which keeps it so. */
export const isJudgedBy = (row: Row | undefined, before: JudgedBy | undefined): boolean =>
  before !== undefined && JSON.stringify(json<JudgedBy>(row, 'found')) === JSON.stringify(before);

/** What the name and the columns mean now. The server looks the name up: joins would have to be planned each time. */
export const judgedByQuery = ({ parent, parentColumns }: NamedKey): Sql => {
  const table = sql`pg_catalog.to_regclass(${literal(qualified(parent))})`;
  const positions = parentColumns.map(
    (column) => sql`pg_catalog.array_position(t.names, ${literal(column)}::pg_catalog.text)`,
  );
  return sql`
    select pg_catalog.json_build_array(${join([sql`t.number`, ...positions], ', ')}) as found from (
      select ${table}::pg_catalog.oid::bigint as number,
             array(select a.attname::pg_catalog.text from pg_catalog.pg_attribute a
                    where a.attrelid = ${table} and a.attnum > 0 and not a.attisdropped order by a.attnum) as names) t`;
};

/** The steps with the tables that their clean-ups are about. */
export const withTablesSeen = (steps: readonly Step[], catalog: Catalog): readonly Step[] =>
  steps.map((step) =>
    step.change.op === 'clean-orphans'
      ? { ...step, change: { ...step.change, ...tablesSeen(step.change.orphans, catalog) } }
      : step,
  );

function tablesSeen(orphans: OrphanCondition, catalog: Catalog): Pick<Cleaning, 'seen'> {
  const parent = judgedBy(catalog, orphans);
  const child = judgedBy(catalog, childKey(orphans));
  return parent && child ? { seen: { child, parent } } : {};
}

/** The child's columns, to be looked at as the parent's are. */
export const childKey = ({ child, childColumns }: OrphanCondition): NamedKey => ({
  parent: child,
  parentColumns: childColumns,
});
