import { groupBy } from '../../group-by';
import { keyOfRow, parentKeyOf, type ParentKey } from './parent-key';
import type { Need, NeedsOf } from './parent-needs';
import type { Values, WritableModel } from '../../model/writable-model';

/** A row whose parents are looked for. */
export interface Row {
  /** Set for a parent that is missing itself. */
  readonly id?: string;
  readonly model: WritableModel;
  readonly values: Values;
}

/** One parent that rows of a level refer to, and the relation that says how it is made, if one does. */
export interface Reference extends ParentKey {
  readonly need: Need;
}

/** Each parent once; a relation of `ensure` counts before one that it does not speak of. */
export function referencesOf(
  level: readonly Row[],
  root: WritableModel,
  rows: readonly Values[],
  needsOf: NeedsOf,
  above: Map<string, Set<string>>,
): readonly Reference[] {
  const references = new Map<string, Reference>();
  for (const [model, own] of groupBy(level, (row) => row.model))
    for (const need of needsOf(model)) {
      const beingWritten = writtenAlong(need, root, rows);
      for (const { id: child, values } of own) {
        const parent = parentKeyOf(values, need);
        if (!parent || beingWritten.has(parent.id)) continue;
        if (child !== undefined) above.set(child, (above.get(child) ?? new Set()).add(parent.id));
        if (!references.get(parent.id)?.need.values) references.set(parent.id, { ...parent, need });
      }
    }
  return [...references.values()];
}

/** Rows may refer to themselves and to each other: those are no parents that anybody has to make before. */
const writtenAlong = (need: Need, root: WritableModel, rows: readonly Values[]): ReadonlySet<string> =>
  need.parent.name === root.name
    ? new Set(rows.map((row) => keyOfRow(row, need)?.id).filter((id) => id !== undefined))
    : new Set();
