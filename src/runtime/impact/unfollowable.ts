import { listedNames } from './words';
import { tableId } from '../../names';
import { unreadableBecause } from '../../rights';
import type { Table } from '../../catalog/catalog';
import type { Acting } from './acting';
import type { ActingKey, Match } from './fate';
import type { ImpactDoubt } from './impact';

/** Why the rows behind a key cannot be looked for, if that is so. */
export function unfollowable({ key }: ActingKey, acting: Acting): ImpactDoubt | undefined {
  const child = acting.named(key.child);
  const parent = acting.named(key.parent);
  const table = tableId(key.child);
  const hidden = [child, parent]
    .map((end) => unreadable(end, acting.role))
    .find((told) => told !== undefined);
  if (hidden) return { ...hidden, message: `${hidden.message} Who refers by ${key.name} is not known.` };
  if (key.temporal)
    return {
      kind: 'key',
      table,
      message: `${key.name} of ${table} compares periods (PERIOD): whether its rows would block is not looked into.`,
    };
  return undefined;
}

/** Why a table's rows cannot all be seen, if that is so. */
export function unreadable(table: Table, role: string): ImpactDoubt | undefined {
  if (table.may.select && !table.rowSecurity) return undefined;
  const name = tableId(table.name);
  const because = table.may.select
    ? 'row security hides rows of it'
    : `they may not be read${unreadableBecause([table], role)}`;
  return { kind: 'unreadable', table: name, message: `The rows of ${name} are not counted: ${because}.` };
}

/** Two parents that go in one round lead to the same row, and it matters which goes first. */
export function ofOrder(matches: readonly Match[]): ImpactDoubt {
  const table = tableId(matches[0]?.acting.key.child ?? { name: '' });
  const names = listedNames(matches.map(({ acting }) => acting.key.name));
  return {
    kind: 'order',
    table,
    message: `A row of ${table} is reached by ${names} at once; what comes of it depends on the order in which PostgreSQL gets to their parents.`,
  };
}

/** The walk was broken off. */
export const tooMany = (table: string, most: number): ImpactDoubt => ({
  kind: 'size',
  table,
  message: `More than ${most.toLocaleString('en-US')} rows are reached; it was broken off at ${table}, and the counts are too low.`,
});
