import { Client } from 'pg';

/** All runs of one statement, whatever its numbers and texts. */
export interface TimedStatement {
  readonly text: string;
  readonly count: number;
  readonly ms: number;
}

/** What the clients of this process wait for while something is done, the longest first. */
export async function timesOfQueries(work: () => Promise<unknown>): Promise<readonly TimedStatement[]> {
  const times = new Map<string, { count: number; ms: number }>();
  const original = Reflect.get(Client.prototype, 'query') as (...words: unknown[]) => unknown;
  const timing = async function (this: Client, ...words: unknown[]): Promise<unknown> {
    const [first] = words;
    const text = normalised(typeof first === 'string' ? first : ((first as { text?: string }).text ?? ''));
    const begun = performance.now();
    try {
      return await Reflect.apply(original, this, words);
    } finally {
      const { count, ms } = times.get(text) ?? { count: 0, ms: 0 };
      times.set(text, { count: count + 1, ms: ms + performance.now() - begun });
    }
  };
  Reflect.set(Client.prototype, 'query', timing);
  try {
    await work();
  } finally {
    Reflect.set(Client.prototype, 'query', original);
  }
  return [...times].map(([text, time]) => ({ text, ...time })).toSorted((a, b) => b.ms - a.ms);
}

const normalised = (text: string): string =>
  text
    .replaceAll(/'(?:[^']|'')*'/g, "'…'")
    .replaceAll(/\b\d+\b/g, 'n')
    .replaceAll(/\s+/g, ' ')
    .trim();
