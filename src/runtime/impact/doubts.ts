import type { Table } from '../../catalog/catalog';
import type { DeleteTriggers, Hook } from '../../catalog/delete-triggers';
import { tableId } from '../../names';
import type { Acting } from './acting';
import { tableOfRow, type Followed } from './follow';
import type { ImpactDoubt } from './impact';

/** Triggers and rules of the application on the way: what they do is not known. */
export function hookDoubts(
  followed: Followed,
  { hooks }: DeleteTriggers,
  acting: Acting,
): readonly ImpactDoubt[] {
  const touched = touchedTables(followed, acting);
  return [...reachedTables(followed, acting)].flatMap(([table, events]) => {
    const rows = (event: Event): boolean => touched[event].has(table.oid);
    const fires = (hook: Hook): boolean =>
      hook.table === table.oid &&
      EVENTS.some(
        (event) =>
          (event === 'delete' ? hook.onDelete : hook.onUpdate) &&
          (hook.perRow ? rows(event) : events.has(event)),
      );
    const name = tableId(table.name);
    return [
      ...hooks.filter(fires).map((hook) => ({
        kind: 'trigger' as const,
        table: name,
        message: `The trigger ${hook.name} of ${name} fires; what it does is not predictable.`,
      })),
      ...table.rules.map((rule) => ({
        kind: 'rule' as const,
        table: name,
        message: `The rule ${rule} of ${name} may rewrite the statement; what comes of it is not predictable.`,
      })),
    ];
  });
}

type Event = 'delete' | 'update';
const EVENTS: readonly Event[] = ['delete', 'update'];

/** Tables that a statement of the delete is run on, whether it finds rows or not; wholes have triggers for statements. */
function reachedTables({ fired, fates }: Followed, acting: Acting): ReadonlyMap<Table, ReadonlySet<Event>> {
  const reached = new Map<Table, Set<Event>>();
  const add = (table: Table, event: Event): void => {
    for (const one of acting.kin(table)) reached.set(one, (reached.get(one) ?? new Set()).add(event));
  };
  for (const [row, { deleted }] of fates)
    if (deleted?.level === 0) add(acting.table(tableOfRow(row)), 'delete');
  for (const { key, trigger } of fired) {
    if (trigger.action === 'CASCADE') add(acting.named(key.child), 'delete');
    if (trigger.action.startsWith('SET')) add(acting.named(key.child), 'update');
  }
  return reached;
}

/** Tables of which rows go or change, by oid. */
function touchedTables(
  { fates, counted }: Followed,
  acting: Acting,
): Readonly<Record<Event, ReadonlySet<number>>> {
  const touched = { delete: new Set<number>(), update: new Set<number>() };
  for (const [row, fate] of fates) {
    if (fate.deleted) touched.delete.add(tableOfRow(row));
    if (fate.changed.length > 0) touched.update.add(tableOfRow(row));
  }
  // Which partition they stand in was not asked.
  for (const { acting: one } of counted) {
    const { action } = one.trigger;
    const rows =
      action === 'CASCADE' ? touched.delete : action.startsWith('SET') ? touched.update : undefined;
    for (const { oid } of acting.kin(acting.named(one.key.child))) rows?.add(oid);
  }
  return touched;
}
