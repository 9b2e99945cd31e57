/** What one contender has done in every round. */
export interface Figure {
  readonly name: string;
  readonly values: readonly number[];
  /** It was stopped there: it takes longer than its only value. */
  readonly stopped?: true;
}

export type Unit = 'ms' | 'queries' | 'MB';

/** What is asked of a ratio or of a figure. */
export interface Asked {
  readonly kind: 'at most' | 'faster' | 'limit';
  readonly value: number;
}

/** The subject may take this many times what it is held against takes. */
export const atMost = (value: number): Asked => ({ kind: 'at most', value });
/** What it is held against takes at least this many times as long. */
export const faster = (value: number): Asked => ({ kind: 'faster', value });
/** The subject's own figure may be this, whatever else is done. */
export const limit = (value: number): Asked => ({ kind: 'limit', value });

/** A row of the printed table: contenders on the same data in the same run. */
export interface Row {
  readonly scenario: string;
  readonly title: string;
  readonly unit: Unit;
  /** The guard's first, then what it is held against, then whatever else there is to know. */
  readonly figures: readonly Figure[];
  /** Without it a row is there to be read only. */
  readonly asked?: Asked;
  readonly note?: string;
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [upper = NaN, lower = NaN] = [sorted[middle], sorted[middle - 1]];
  return sorted.length % 2 === 0 ? (lower + upper) / 2 : upper;
}

/** What a row says: its figure, what is asked of it, and how far from that it is (1 is just reached, less is better). */
export interface Verdict {
  readonly value: number;
  readonly lowerBound: boolean;
  readonly share: number | undefined;
  readonly reached: boolean | undefined;
}

export function verdictOf({ figures, asked }: Row): Verdict | undefined {
  const [subject, against] = figures;
  if (!subject) return undefined;
  const own = medianOf(subject.values);
  if (asked?.kind === 'limit') return judged(own, own / asked.value, false);
  if (!against) return undefined;
  const other = medianOf(against.values);
  const lowerBound = against.stopped ?? false;
  if (asked?.kind === 'faster') return judged(other / own, asked.value / (other / own), lowerBound);
  return judged(own / other, asked && own / other / asked.value, lowerBound);
}

const judged = (value: number, share: number | undefined, lowerBound: boolean): Verdict => ({
  value,
  lowerBound,
  share,
  reached: share === undefined ? undefined : share <= 1,
});
