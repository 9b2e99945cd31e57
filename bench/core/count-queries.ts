import { Client } from 'pg';

/** Transaction control and settings, which are not counted. */
const CONTROL = /^\s*(begin|start|commit|rollback|set|reset|select\s+(pg_catalog\.)?set_config)\b/i;

/** The queries that every client of this process sends while something is done. */
export async function queriesDuring(work: () => Promise<unknown>): Promise<readonly string[]> {
  const texts: string[] = [];
  const original = Reflect.get(Client.prototype, 'query') as (...words: unknown[]) => unknown;
  const counting = function (this: Client, ...words: unknown[]): unknown {
    const [first] = words;
    texts.push(typeof first === 'string' ? first : ((first as { text?: string }).text ?? ''));
    return Reflect.apply(original, this, words);
  };
  Reflect.set(Client.prototype, 'query', counting);
  try {
    await work();
  } finally {
    Reflect.set(Client.prototype, 'query', original);
  }
  return texts.filter((text) => !CONTROL.test(text));
}
