import type { Row } from '../db';

/** One value of a row that must not be null. */
export function text(row: Row | undefined, column: string): string {
  const value = row?.[column];
  if (value === undefined || value === null) throw new Error(`the server sent no ${column}`);
  return value;
}

/** A list or an object that PostgreSQL has built in the very shape of `T`. */
export const json = <T>(row: Row | undefined, column: string): T => JSON.parse(text(row, column)) as T;

/** PostgreSQL's text form of a boolean. */
export const flag = (row: Row | undefined, column: string): boolean => text(row, column) === 't';

/** A count of rows. A wrong number could delete data, so everything but a safe whole number is an error. */
export function count(row: Row | undefined, column: string): number {
  const value = text(row, column);
  const number = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number))
    throw new Error(`${column} is not a count: ${value}`);
  return number;
}
