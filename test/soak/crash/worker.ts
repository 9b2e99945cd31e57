import { once } from 'node:events';
import type { FkGuard } from 'sequelize-fk-guard';
import { damagedBy } from './damaged';
import { EVENTS, type Cut, type CutEvent, type Ended, type GoOn, type Job, type Message } from './job';
import { tapWire } from './wire';

/** A program that runs the built library on a damaged database, and is cut off or dies where its job says. */
let current: {
  readonly cut?: Cut;
  readonly events: Record<CutEvent, number>;
  /** Statements of the jobs before. */
  readonly first: number;
};

const tell = (message: Message): Promise<void> =>
  new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()));

const wire = tapWire(async (client): Promise<GoOn> => {
  const statement = wire.statements.length - current.first;
  const told = once(process, 'message') as Promise<[GoOn]>;
  const pid = (client as unknown as { processID: number }).processID;
  await tell({
    reached: { pid, statement, text: wire.statements.at(-1) ?? '', steps: current.events.step },
  });
  if (current.cut?.suicide) process.kill(process.pid, 'SIGKILL');
  return (await told)[0];
});

function prepare(guard: FkGuard, { cut }: Job): void {
  const events = { step: 0, stepDone: 0, batch: 0, retry: 0 };
  const first = wire.statements.length;
  current = { ...(cut && { cut }), events, first };
  for (const event of EVENTS) guard.on(event, () => events[event]++);
  if (!cut) return;
  const { place, moment } = cut;
  wire.cutWhen(
    () =>
      'statement' in place
        ? wire.statements.length - first >= place.statement
        : events[place.event] >= place.times,
    moment,
  );
}

async function work(job: Job): Promise<Ended> {
  const { guard, sequelize } = damagedBy(job.seed).open(job.url);
  prepare(guard, job);
  const result = await (
    job.verb === 'apply'
      ? guard.apply().then((outcome) => ({ outcome }))
      : guard.status().then((status) => ({ status }))
  ).catch((error: Error & { code?: string }) => ({
    error: { name: error.name, code: error.code ?? '', message: error.message },
  }));
  await sequelize.close();
  return { ...result, statements: wire.statements.slice(current.first), events: current.events };
}

process.on('message', (message: Job | GoOn) => {
  if ('verb' in message) void work(message).then((ended) => tell({ ended }));
});
