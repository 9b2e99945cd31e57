import { invalid } from '../../parse-options';
import type { Need } from './parent-needs';
import type { Values, WritableModel } from '../../model/writable-model';

/** One parent that a row refers to. */
export interface ParentKey {
  /** Table and key as one text, the same for every row that refers to this parent. */
  readonly id: string;
  /** The parent's attributes with their values. */
  readonly key: Values;
}

/** The parent that a row refers to through one relation; a null in the key refers to nothing (manual, 5.5.5). */
export function parentKeyOf(row: Values, { on, parent, name, values }: Need): ParentKey | undefined {
  const parts = on.map(([own, attribute]) => [attribute, row[own]] as const);
  if (parts.some(([, value]) => value === undefined || value === null)) return undefined;
  if (parts.every(([, value]) => textOf(value) !== undefined))
    return keyOf(parent, Object.fromEntries(parts));
  // Such as `sequelize.literal('…')`: only the database could tell which parent that is.
  if (values === undefined) return undefined;
  throw invalid([`"ensure.${name}" needs a key that is a plain value, and a row has an expression for it`]);
}

/** The key of a row, as those that refer to it have it; `undefined` where the row does not say it. */
export function keyOfRow(row: Values, { on, parent }: Need): ParentKey | undefined {
  const parts = on.map(([, attribute]) => [attribute, row[attribute]] as const);
  return parts.every(([, value]) => textOf(value) !== undefined)
    ? keyOf(parent, Object.fromEntries(parts))
    : undefined;
}

/** The same for a key as the database has printed it, in the order of `attributes`. */
export const idOfTexts = (
  model: WritableModel,
  attributes: readonly string[],
  texts: readonly string[],
): string =>
  idOf(
    model,
    attributes.map((attribute, i) => [attribute, texts[i] ?? '']),
  );

const keyOf = (model: WritableModel, key: Values): ParentKey => ({
  key,
  id: idOf(
    model,
    Object.entries(key).map(([attribute, value]) => [attribute, textOf(value) ?? '']),
  ),
});

function idOf(model: WritableModel, parts: readonly (readonly [attribute: string, text: string])[]): string {
  const table = model.getTableName();
  const { schema = '', tableName } = typeof table === 'string' ? { tableName: table } : table;
  return JSON.stringify([schema, tableName, ...[...parts].sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** A value as PostgreSQL prints it, as far as that can be said without asking; `undefined` for what is no plain value. */
function textOf(value: unknown): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value) ? String(value) : undefined;
}
