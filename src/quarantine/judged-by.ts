import { json } from '../catalog/row';
import type { Catalog } from '../catalog/catalog';
import type { OrphanCondition } from '../changes/change';
import type { Cleaning } from '../changes/cleaning';
import type { Row } from '../db';
import { sameTable } from '../names';
import type { Step } from '../outcome';
import { join, literal, sql, type Sql } from '../sql';

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

/** What the name and the columns mean now. */
export const judgedByQuery = ({ parent, parentColumns }: NamedKey): Sql => sql`
    select pg_catalog.json_agg(p.number order by p.place) as found from (
      select 0 as place, c.oid::bigint as number
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ${literal(parent.schema)} and c.relname = ${literal(parent.name)}
       union all
      select k.place, a.number
        from unnest(array[${join(parentColumns.map(literal), ', ')}]::pg_catalog.text[]) with ordinality as k(name, place)
        join (select a.attname, pg_catalog.row_number() over (order by a.attnum) as number
                from pg_catalog.pg_attribute a
                join pg_catalog.pg_class c on c.oid = a.attrelid
                join pg_catalog.pg_namespace n on n.oid = c.relnamespace
               where n.nspname = ${literal(parent.schema)} and c.relname = ${literal(parent.name)}
                 and a.attnum > 0 and not a.attisdropped) a on a.attname = k.name) p`;

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
