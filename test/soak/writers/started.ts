import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Told } from './clients';

/** Clients at work in a process of their own. */
export interface Writers {
  /** What was measured since the last time. */
  read(): Promise<Told>;
  /** Lets them finish what they are at, and write what they know into the tables of `judge`. */
  end(): Promise<Told>;
  kill(): void;
}

export async function startWriters(url: string, seed: number): Promise<Writers> {
  const child = fork(join(__dirname, 'clients.ts'), [url, String(seed)], {
    execArgv: ['--import', 'jiti/register'],
  });
  const ask = async (message: 'read' | 'end'): Promise<Told> => {
    const answer = once(child, 'message');
    child.send(message);
    const [told] = (await answer) as [Told];
    return told;
  };
  await once(child, 'message');
  return { read: () => ask('read'), end: () => ask('end'), kill: () => child.kill('SIGKILL') };
}
