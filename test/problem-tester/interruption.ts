import { Client } from 'pg';
import type { Duplex } from 'node:stream';
import type { FkGuard, GuardEvents } from 'sequelize-fk-guard';
import type { ProblemCase } from './case';
import { withPatient, type Patient } from './patient';
import { stateOf, type State } from './state';

/** What a repair that was stopped once, and started again, has led to. */
export interface Resumed {
  readonly stoppedAfter: number;
  /** How many steps the ledger held when it stood still. */
  readonly recorded: number;
  readonly status: string;
  readonly state: State;
  readonly quarantined: number;
}

/** Cuts every connection of the guard right after its step `k`, as the death of its process would, and applies again. */
export function stopAfter(problem: ProblemCase, k: number): Promise<Resumed> {
  return withPatient(problem, async ({ guard, database }) => {
    // Open before the spy is in place, so that the judge is not among those who lose their connection.
    await database.query('select 1');
    let steps = 0;
    await applyUntilCut(guard, 'stepDone', () => ++steps === k);
    const recorded = await count(database, 'fk_guard.step');
    const { status } = await guard.apply();
    return {
      stoppedAfter: k,
      recorded,
      status,
      state: await stateOf(database),
      quarantined: await count(database, 'fk_guard.quarantine'),
    };
  });
}

/** Cuts every connection of the guard at the event whose time it is. */
export async function applyUntilCut<E extends keyof GuardEvents>(
  guard: FkGuard,
  event: E,
  isTime: (payload: GuardEvents[E]) => boolean,
): Promise<void> {
  const clients = new Set<Client>();
  const prototype = Client.prototype as unknown as { connect(...rest: unknown[]): unknown };
  const { connect } = prototype;
  const spy = jest.spyOn(prototype, 'connect').mockImplementation(function (this: unknown, ...rest) {
    clients.add(this as Client);
    return connect.apply(this, rest);
  });
  const forget = guard.on(event, (payload) => {
    if (isTime(payload)) for (const client of clients) streamOf(client).destroy();
  });
  // The last step's end may be all that is left to lose; either way the next run has to cope.
  await guard.apply().catch(() => undefined);
  forget();
  spy.mockRestore();
}

const streamOf = (client: Client): Duplex =>
  (client as unknown as { connection: { stream: Duplex } }).connection.stream;

async function count(database: Patient['database'], table: string): Promise<number> {
  return (
    (await database.query<{ rows: number }>(`select count(*)::int as rows from ${table}`))[0]?.rows ?? -1
  );
}
