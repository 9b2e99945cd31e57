import { once } from 'node:events';
import type { FkGuard } from 'sequelize-fk-guard';
import { damagedBy } from './damaged';
import type { Cut, Ended, GoOn, Job, Message, Sent } from './job';
import { tapWire } from './wire';

/** A program that runs the built library on a damaged database, and is cut off or dies where its job says. */
interface Progress {
  readonly cut: Cut | undefined;
  readonly statements: Sent[];
  /** How many have begun. */
  steps: number;
  /** The one in hand. */
  step: number;
  hasRetried: boolean;
}

let progress: Progress;

const tell = (message: Message): Promise<void> =>
  new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()));

tapWire({
  onStatement(text) {
    const { statements, cut, step, hasRetried } = progress;
    statements.push({ text, step });
    const isThere = cut?.place === 'retry' ? hasRetried : cut?.place === statements.length;
    if (!cut || !isThere) return undefined;
    progress = { ...progress, cut: undefined };
    return { moment: cut.moment, standStill: (pid) => standStill(pid, cut, statements) };
  },
});

async function standStill(pid: number, { suicide }: Cut, statements: readonly Sent[]): Promise<GoOn> {
  const told = once(process, 'message') as Promise<[GoOn]>;
  const { text = '', step = 0 } = statements.at(-1) ?? {};
  await tell({ reached: { pid, statement: statements.length, text, step } });
  if (suicide) process.kill(process.pid, 'SIGKILL');
  return (await told)[0];
}

function listen(guard: FkGuard): void {
  guard.on('step', () => (progress.step = ++progress.steps));
  guard.on('stepDone', () => (progress.step = 0));
  guard.on('retry', () => (progress.hasRetried = true));
}

async function work({ verb, url, seed, cut }: Job): Promise<Ended> {
  const { guard, sequelize } = damagedBy(seed).open(url);
  progress = { cut, statements: [], steps: 0, step: 0, hasRetried: false };
  listen(guard);
  const result = await (
    verb === 'apply'
      ? guard.apply().then((outcome) => ({ outcome }))
      : guard.status().then((status) => ({ status }))
  ).catch((error: Error & { code?: string }) => ({
    error: { name: error.name, code: error.code ?? '', message: error.message },
  }));
  await sequelize.close();
  return { ...result, statements: progress.statements };
}

process.on('message', (message: Job | GoOn) => {
  if ('verb' in message) void work(message).then((ended) => tell({ ended }));
});
