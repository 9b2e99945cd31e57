import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Account } from './binaries';

/** Durability is of no use to a server that is thrown away; the connections are for tests with many processes. */
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_connections=200',
  'max_prepared_transactions=10',
];

/** What a server is started with. */
export interface Place {
  /** Where its programs are. */
  readonly bin: string;
  /** Its data directory. */
  readonly data: string;
  readonly account: Account;
  /** They win over the usual ones. */
  readonly settings: readonly string[];
}

/** Starts a server on a port that nobody listens on. */
export async function startOnFreePort(place: Place): Promise<{ port: number; server: ChildProcess }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      return { port, server: await startPostgres(place, port) };
    } catch (error) {
      // Somebody else may have taken the port in the meantime.
      if (attempt === 3) throw error;
    }
  }
}

/** Resolves when it takes connections, after its recovery where one is needed. */
export async function startPostgres(
  { bin, data, account, settings }: Place,
  port: number,
): Promise<ChildProcess> {
  const flags = ['-D', data, '-p', String(port)];
  for (const setting of [...SETTINGS, ...settings]) flags.push('-c', setting);
  const server = spawn(join(bin, 'postgres'), flags, {
    ...account,
    cwd: data,
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await ready(server);
  server.unref();
  // A pipe to a child is a socket; without this a script that forgets to stop the server would never end.
  (server.stderr as Socket).unref();
  return server;
}

/** Resolves when the server says so; rejects with what it said when it ends instead. Its log is read for ever. */
function ready(server: ChildProcess): Promise<void> {
  let log = '';
  return new Promise((resolve, reject) => {
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-4_000);
      if (/ready to accept (read.only )?connections/.test(log)) resolve();
    });
    server.on('error', reject);
    server.on('close', () => reject(new Error(`PostgreSQL did not start:\n${log}`)));
  });
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
