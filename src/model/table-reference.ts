import type { TableReference } from '../schema';

/** True when two references mean the same table. */
export const sameReference = (one: TableReference, other: TableReference): boolean =>
  one.name === other.name && one.schema === other.schema;

/** A key for maps: the same for two references that mean the same table, and for no others. */
export const referenceId = ({ schema, name }: TableReference): string =>
  JSON.stringify([schema ?? null, name]);
