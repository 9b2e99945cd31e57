import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { environmentWith, ROOT } from './run-node';

const running: ChildProcess[] = [];

/** Starts the built server on a free port, with the channel on which pm2 waits for `ready`. It ends without a delay. */
export function startServer(url: string, drainDelayMs = 0): ChildProcess {
  const child = fork(resolve(ROOT, 'build/app/server.js'), {
    env: environmentWith({ DATABASE_URL: url, PORT: '0', DRAIN_DELAY_MS: String(drainDelayMs) }),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  running.push(child);
  return child;
}

/** Ends what a failed test left running. */
export async function killServers(): Promise<void> {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

/** From the line that the server prints when it listens. */
export function portOf({ stdout }: ChildProcess): Promise<number> {
  let text = '';
  return new Promise((found, failed) => {
    stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const [, port] = /listens on port (\d+)/.exec(text) ?? [];
      if (port !== undefined) found(Number(port));
    });
    stdout?.once('end', () => failed(new Error(`The server ended without listening: ${text}`)));
  });
}
