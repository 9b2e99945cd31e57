import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { Client } from 'pg';
import type { GoOn, Moment } from './job';

/** Every statement that the library sends, and a place among them where the process stands still. */
export interface Wire {
  readonly statements: readonly string[];
  /** From now on; `isDue` is asked before each statement until it says so. */
  cutWhen(isDue: () => boolean, moment: Moment): void;
}

type Query = (this: Client, ...args: unknown[]) => Promise<unknown>;

/** Listens on all clients of this process; `standStill` resolves when the cut was made. */
export function tapWire(standStill: (client: Client) => Promise<GoOn>): Wire {
  const prototype = Client.prototype as unknown as { query: Query };
  const { query } = prototype;
  const statements: string[] = [];
  let due: { readonly is: () => boolean; readonly moment: Moment } | undefined;
  prototype.query = function (...args) {
    const text = libraryText(args[0]);
    const send = (): Promise<unknown> => query.apply(this, args);
    if (text === undefined) return send();
    statements.push(text.replace(/\s+/g, ' ').trim().slice(0, 80));
    if (!due?.is()) return send();
    const { moment } = due;
    due = undefined;
    return CUTTING[moment](this, send, standStill);
  };
  return {
    statements,
    cutWhen: (is, moment) => (due = { is, moment }),
  };
}

/** The library gives a parser of its own with each statement; a driver's set-up of a connection does not. */
const libraryText = (query: unknown): string | undefined =>
  typeof query === 'object' && query !== null && 'types' in query && 'text' in query
    ? String(query.text)
    : undefined;

type Cutting = (
  client: Client,
  send: () => Promise<unknown>,
  standStill: (client: Client) => Promise<GoOn>,
) => Promise<unknown>;

const CUTTING: Record<Moment, Cutting> = {
  async before(client, send, standStill) {
    await standStill(client);
    return send();
  },
  async 'under way'(client, send, standStill) {
    const answer = send();
    answer.catch(() => undefined);
    // A statement with parameters is flushed in the next tick.
    await new Promise(setImmediate);
    await standStill(client);
    return answer;
  },
  async unanswered(client, send, standStill) {
    const answer = send();
    await answer.catch(() => undefined);
    const { lost } = await standStill(client);
    if (!lost) return answer;
    const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection;
    const closed = stream.closed ? undefined : once(stream, 'close');
    stream.destroy();
    await closed;
    // As the driver says it of an answer that has not come.
    throw new Error('Connection terminated unexpectedly');
  },
};
