import type { Left, Values } from './restore/find-row';
import { sql, type Sql } from '../sql';

/** How a conversion's copies say what they are: no key led to them. */
export const BY_TYPE = sql`'type'`;

/** True for a copy of a value that a conversion has changed; nothing went with it. */
export const isConverted = (copy: Sql): Sql =>
  sql`(${copy}.level = 0 and coalesce(${copy}.via = ${BY_TYPE}, false))`;

/** What the guard has left in a row, told apart by whose copy it is. */
export const leftBy = (converted: boolean, written: Values): Left =>
  converted ? { given: {}, converted: written } : { given: written, converted: {} };
