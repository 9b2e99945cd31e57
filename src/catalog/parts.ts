import type { Row } from '../db';

/** The rows of a part of the contents by the oid that each is about. */
export type Parts = (part: string) => ReadonlyMap<string, Row>;

const NONE: ReadonlyMap<string, Row> = new Map();

export function partsOf(rows: readonly Row[]): Parts {
  const found = new Map<string, Map<string, Row>>();
  for (const row of rows) {
    const { part, oid } = row;
    if (!part || !oid) throw new Error('the server sent a row that is about nothing');
    const among = found.get(part);
    if (among) among.set(oid, row);
    else found.set(part, new Map([[oid, row]]));
  }
  return (part) => found.get(part) ?? NONE;
}

/** The parts of both; no part is in both. */
export const bothOf =
  (first: Parts, second: Parts): Parts =>
  (part) => {
    const found = first(part);
    return found.size > 0 ? found : second(part);
  };

/** A list as PostgreSQL's JSON; of what there is none, it has sent none. */
export const list = <T>(text: string | null | undefined): readonly T[] =>
  text ? (JSON.parse(text) as readonly T[]) : [];

/** One number of a list of them. A wrong one would be about another table, so everything but a number is an error. */
export function number(text: string | undefined): number {
  const value = Number(text);
  if (!text || Number.isNaN(value)) throw new Error(`the server sent ${text ?? 'nothing'} for a number`);
  return value;
}

/** An array (`{1,2}`) or a vector (`1 2`) of numbers. */
export const numbers = (text: string | null | undefined): readonly number[] =>
  (text ?? '').match(/-?\d+/g)?.map(Number) ?? [];
