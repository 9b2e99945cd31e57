import { alg, Graph } from '@dagrejs/graphlib';
import { PHASES, type Change } from './changes/change';
import { statementsOf } from './changes/statement';
import { stepTitle } from './changes/title';
import type { Diagnosis } from './diagnose';
import { groupBy } from './group-by';
import { tableId } from './names';
import type { Step } from './outcome';
import type { TableName } from './schema';
import type { Snapshot } from './snapshot';

/** Puts the changes of all findings in order: by phase, then parents before children, then by name. */
export function planSteps(diagnoses: readonly Diagnosis[], snapshot: Snapshot): readonly Step[] {
  // Almost every start: no order of the tables has to be known.
  if (diagnoses.every(({ changes }) => changes.length === 0)) return [];
  const rank = parentsFirst(snapshot);
  const wanted = groupBy(
    diagnoses.flatMap(({ finding, changes }) => changes.map((change) => ({ change, finding: finding.id }))),
    // The same conversion may be wanted for several keys, and be counted with each.
    ({ change }) => JSON.stringify(change, (field, value: unknown) => (field === 'rows' ? undefined : value)),
  );
  const ordered = [...wanted.values()]
    .flatMap((asked) =>
      asked[0] ? [{ change: asked[0].change, because: asked.map(({ finding }) => finding) }] : [],
    )
    .sort(
      (a, b) =>
        PHASES[a.change.op] - PHASES[b.change.op] ||
        rank(a.change) - rank(b.change) ||
        subject(a.change).localeCompare(subject(b.change)),
    );
  return ordered.reduce<readonly Step[]>(
    (steps, { change, because }) => [...steps, stepOf(change, because, steps)],
    [],
  );
}

function stepOf(change: Change, because: readonly string[], before: readonly Step[]): Step {
  return {
    id: `${before.length + 1}`,
    change,
    because,
    requires: before.filter((step) => mustPrecede(step.change, change)).map(({ id }) => id),
    title: stepTitle(change),
    statements: statementsOf(change).map(({ sql, locks }) => ({ sql, locks })),
    rows: rowsOf(change),
  };
}

const rowsOf = (change: Change): number =>
  'orphans' in change ? change.rows : 'conversion' in change ? change.conversion.rows : 0;

/** A step that failed takes the steps with it that rest on it, and no others. */
function mustPrecede(earlier: Change, later: Change): boolean {
  if (earlier.op === 'drop-index') return 'index' in later && later.index === earlier.index;
  if (STANDING_ALONE.includes(earlier.op) || STANDING_ALONE.includes(later.op)) return false;
  if (isParentKey(earlier))
    return isParentKey(later) ? subject(earlier) === subject(later) : parentOf(later) === subject(earlier);
  if (PHASES[earlier.op] >= PHASES[later.op]) return false;
  // A column may be a part of several keys.
  return 'conversion' in earlier || 'conversion' in later
    ? tableId(tableOf(earlier)) === tableId(tableOf(later)) && shareColumns(earlier, later)
    : subject(earlier) === subject(later);
}

const shareColumns = (a: Change, b: Change): boolean =>
  columnsOf(a).some((column) => columnsOf(b).includes(column));

/** They rest on nothing, and nothing rests on them. */
const STANDING_ALONE: readonly Change['op'][] = ['create-index', 'alter-foreign-key'];

const isParentKey = ({ op }: Change): boolean => PHASES[op] < PHASES['clean-uncastable'];

const parentOf = (change: Change): string | undefined =>
  'key' in change ? tableId(change.key.parent) : undefined;

/** What a change is about: the table whose key is made, or the child's table and columns. */
function subject(change: Change): string {
  const table = tableId(tableOf(change));
  if (isParentKey(change)) return table;
  return `${table}(${columnsOf(change).join()})`;
}

const columnsOf = (change: Change): readonly string[] =>
  'key' in change
    ? change.key.childColumns
    : 'orphans' in change
      ? change.orphans.childColumns
      : 'conversion' in change
        ? [change.conversion.cast.column]
        : 'children' in change
          ? change.children.childColumns
          : 'columns' in change
            ? change.columns
            : [];

/** Tables in the order in which a clean-up has to go; tables of one cycle share a place. */
function parentsFirst({ relations }: Snapshot): (change: Change) => number {
  const graph = new Graph();
  for (const { childName, parentName } of relations) graph.setEdge(tableId(parentName), tableId(childName));
  const components = alg.tarjan(graph).reverse();
  const place = new Map(
    components.flatMap((tables: readonly string[], i: number) => tables.map((table) => [table, i] as const)),
  );
  return (change) => place.get(tableId(tableOf(change))) ?? 0;
}

/** A step on a partition belongs to the steps on its table. */
function tableOf(change: Change): TableName {
  if ('partitionOf' in change && change.partitionOf) return change.partitionOf;
  if ('key' in change) return change.key.child;
  if ('orphans' in change) return change.orphans.child;
  if ('children' in change) return change.children.child;
  return 'conversion' in change ? change.conversion.table : change.table;
}
