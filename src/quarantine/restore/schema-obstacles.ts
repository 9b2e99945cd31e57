import type { Change } from '../../changes/change';
import { conversionBack, keyId, madeKeys, originalKeys } from '../../changes/way-back-statement';
import { sameNameSet, sameTable, tableId } from '../../names';
import type { LiveKey } from './live-keys';

/** A step of the ledger; `own` when the run that goes back, or one that it went on from, has made it. */
export interface LedgerStep {
  readonly runId: string;
  readonly id: string;
  readonly own: boolean;
  readonly change: Change;
}

/** What has happened to the schema since, so that taking back what a run did would take away what somebody else did. */
export function obstaclesTo(all: readonly LedgerStep[], live: readonly LiveKey[]): readonly string[] {
  const changes = all.flatMap(({ own, change }) => (own ? [change] : []));
  const made = madeKeys(changes);
  return [...movedKeys(made, live), ...takenNames(changes, made, live), ...laterSteps(all)];
}

/** A key of that name that says something else now is not the run's to drop. */
const movedKeys = (made: ReadonlyMap<string, Change>, live: readonly LiveKey[]): readonly string[] =>
  live.flatMap(({ id, table, key, columns, onDelete }) => {
    const change = made.get(id);
    if (!change || !('key' in change)) return [];
    const { key: ours } = change;
    const same =
      sameTable(ours.parent, key.parent) &&
      sameNameSet(ours.childColumns, columns) &&
      ours.onDelete === onDelete;
    return same ? [] : [`the key ${key.name} of ${tableId(table)} is another one now`];
  });

const takenNames = (
  changes: readonly Change[],
  made: ReadonlyMap<string, Change>,
  live: readonly LiveKey[],
): readonly string[] => {
  const originals = new Set(originalKeys(changes).map(({ table, key }) => keyId(table, key.name)));
  return live
    .filter(({ id }) => originals.has(id) && !made.has(id))
    .map(({ table, key }) => `${tableId(table)} has a key ${key.name} again`);
};

/** What a later run has built on, or done to the same thing, goes first. */
function laterSteps(all: readonly LedgerStep[]): readonly string[] {
  const touched = new Set<string>();
  const later = new Set<string>();
  for (const { own, runId, change } of all) {
    const things = thingsOf(change);
    if (own) things.forEach((thing) => touched.add(thing));
    else if (things.some((thing) => touched.has(thing))) later.add(runId);
  }
  return [...later].map((run) => `the run ${run} has changed the same since: restore that one first`);
}

function thingsOf(change: Change): readonly string[] {
  const back = conversionBack(change);
  if (back) return [JSON.stringify([tableId(back.table), 'column', back.cast.column])];
  if ('key' in change) return [keyId(change.key.child, change.key.name)];
  return 'drop' in change ? change.drop.map(({ name }) => keyId(change.table, name)) : [];
}
