import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { randomFrom } from '../../generator/random';
import { openBook } from './book';
import { handIn } from './hand-in';
import { createStopwatch, type Histogram } from './stopwatch';
import { CLIENTS, SLOW_CLIENTS } from './tables';
import { QUICK, SLOW, type Run } from './work';

/** What the process tells after each message: the measures since the last one, and errors that were not right. */
export interface Told {
  readonly histogram: Histogram;
  readonly errors: readonly string[];
}

/**
 * A program: clients that write all the time, in a process of its own, so that nothing but the server keeps them
 * waiting. `read` makes it tell what it has measured; `end` makes the clients stop and hand in what they know.
 */
async function main(): Promise<void> {
  const [url = '', seed = ''] = process.argv.slice(2);
  const stopwatch = createStopwatch();
  const errors: string[] = [];
  let working = true;

  async function work(number: number): Promise<void> {
    const random = randomFrom(Number(seed) + number);
    const book = openBook(number, random);
    const [one, other] = [await connect(url), await connect(url)];
    const runOn =
      (client: Client): Run =>
      async (text, values) =>
        (await stopwatch.time(text, () => client.query(text, values && [...values]))).rowCount ?? 0;
    const now = async (): Promise<string> =>
      (await one.query<{ now: string }>('select clock_timestamp()::text as now')).rows[0]?.now ?? '';
    const writer = { run: runOn(one), beside: runOn(other), now, book, random };
    const [pieces, rest] = number < SLOW_CLIENTS ? [SLOW, 500] : [QUICK, 10];
    while (working) {
      await random
        .pick(pieces)(writer)
        .catch(async (error: unknown) => {
          errors.push(String(error));
          await one.query('rollback');
        });
      await pause(random.below(rest));
    }
    await handIn(one, book);
    await Promise.all([one.end(), other.end()]);
  }

  const told = (): Told => ({ histogram: stopwatch.read(), errors: errors.splice(0) });
  const all = Promise.all(Array.from({ length: CLIENTS }, (_, number) => work(number)));
  process.on('message', (message) => {
    if (message === 'read') process.send?.(told());
    else {
      working = false;
      void all.then(() => process.send?.(told(), () => process.disconnect()));
    }
  });
  process.send?.('ready');
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString, application_name: 'writer' });
  await client.connect();
  return client;
}

void main();
