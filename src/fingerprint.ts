import { createHash } from 'node:crypto';
import type { Change } from './changes/change';
import type { Plan, Step } from './outcome';
import type { Snapshot } from './snapshot';

/** A digest of the keys, the triggers and the steps that a plan was made from; row counts are compared apart. */
export function fingerprintOf({ catalog }: Snapshot, steps: readonly Step[]): string {
  const keys = catalog.foreignKeys.map(({ child, name, definition, validated }) => [
    child.schema,
    child.name,
    name,
    definition,
    validated,
  ]);
  const triggers = catalog.tables.flatMap(({ name, triggers: own, rules }) =>
    own.length + rules.length > 0 ? [[name.schema, name.name, own, rules]] : [],
  );
  const changes = steps.map(({ change }) => ({
    ...change,
    rows: undefined,
    // A plan may have been made from a copy of the database; what is judged is what is there.
    seen: undefined,
    ...parentsOf(change),
    ...('conversion' in change && { conversion: { ...change.conversion, rows: undefined } }),
  }));
  return createHash('sha256')
    .update(JSON.stringify([catalog.server.database, keys, triggers, changes]))
    .digest('hex');
}

/** Which parents are missing; what they are made of may be new each time, such as a date. */
const parentsOf = (change: Change): object =>
  'parents' in change ? { parents: change.parents.map(({ key }) => key) } : {};

/** Why a saved plan may no longer be carried out; `undefined` when it may. */
export function whatMoved(saved: Plan, current: Plan): string | undefined {
  if (saved.database.name !== current.database.name)
    return `the plan is for the database ${saved.database.name}, this is ${current.database.name}`;
  if (saved.fingerprint !== current.fingerprint)
    return 'the keys, the triggers or what is wrong with them changed';
  const grown = current.steps.find((step, i) => step.rows > (saved.steps[i]?.rows ?? 0));
  return grown && `"${grown.title}" would now touch ${grown.rows} rows`;
}

/** The steps of now, with the parents as they were shown: what a reviewed plan makes is what was reviewed. */
export const asReviewed = (steps: readonly Step[], reviewed: Plan | undefined): readonly Step[] =>
  steps.map((step, i) => {
    const shown = reviewed?.steps[i]?.change;
    return shown && 'parents' in shown && 'parents' in step.change
      ? { ...step, change: { ...step.change, parents: shown.parents } }
      : step;
  });
