import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { Client } from 'pg';
import type { GoOn, Moment } from './job';

/** Where a statement is to stand still; `standStill` is given the session's process id, and resolves when it may go on. */
export interface Stop {
  readonly moment: Moment;
  standStill(pid: number): Promise<GoOn>;
}

type Query = (this: Client, ...args: unknown[]) => Promise<unknown>;

/** Tells of every statement that the library sends, on any connection of this process, and stops where it is told to. */
export function tapWire({ onStatement }: { onStatement(text: string): Stop | undefined }): void {
  const prototype = Client.prototype as unknown as { query: Query };
  const { query } = prototype;
  prototype.query = function (...args) {
    const text = libraryText(args[0]);
    const send = (): Promise<unknown> => query.apply(this, args);
    const stop = text === undefined ? undefined : onStatement(text.replace(/\s+/g, ' ').trim().slice(0, 80));
    return stop ? STOPPING[stop.moment](this, send, stop) : send();
  };
}

/** The library gives a parser of its own with each statement; a driver's set-up of a connection does not. */
const libraryText = (query: unknown): string | undefined =>
  typeof query === 'object' && query !== null && 'types' in query && 'text' in query
    ? String(query.text)
    : undefined;

type Stopping = (client: Client, send: () => Promise<unknown>, stop: Stop) => Promise<unknown>;

const STOPPING: Record<Moment, Stopping> = {
  async before(client, send, { standStill }) {
    await standStill(pidOf(client));
    return send();
  },
  async 'under way'(client, send, { standStill }) {
    const answer = send();
    answer.catch(() => undefined);
    // A statement with parameters is flushed in the next tick.
    await new Promise(setImmediate);
    await standStill(pidOf(client));
    return answer;
  },
  async unanswered(client, send, { standStill }) {
    const answer = send();
    await answer.catch(() => undefined);
    const { lost } = await standStill(pidOf(client));
    if (!lost) return answer;
    const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection;
    const closed = stream.closed ? undefined : once(stream, 'close');
    stream.destroy();
    await closed;
    // As the driver says it of an answer that has not come.
    throw new Error('Connection terminated unexpectedly');
  },
};

const pidOf = (client: Client): number => (client as unknown as { processID: number }).processID;
