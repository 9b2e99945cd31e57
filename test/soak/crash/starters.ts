import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** How an instance of the application has started. */
export interface Started {
  readonly status: string;
  /** For another guard. */
  readonly waitedMs: number;
  readonly ms: number;
}

/** The same, and how its process ended. */
export interface Ended {
  readonly started: Started | undefined;
  readonly exit: readonly [code: number | null, signal: string | null];
  readonly stderr: string;
}

/** Starts BookNexus in as many processes, which all begin when the last of them is ready. */
export async function startAtOnce(count: number, url: string): Promise<readonly Ended[]> {
  const children = Array.from({ length: count }, () =>
    fork(join(__dirname, 'starter.cjs'), [url], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    }),
  );
  try {
    const ends = children.map(endOf);
    await Promise.race([Promise.all(children.map((child) => once(child, 'message'))), ...ends]);
    for (const child of children) child.send('go', () => undefined);
    return await Promise.all(ends);
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

async function endOf(child: ChildProcess): Promise<Ended> {
  let stderr = '';
  let started: Started | undefined;
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.on('message', (message: 'ready' | Started) => {
    if (message !== 'ready') started = message;
  });
  const exit = (await once(child, 'close')) as [number | null, string | null];
  return { started, exit, stderr };
}
