import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chownSync, cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nativeDirectory, serverAccount, type Account } from '../postgres/binaries';
import { freePort } from '../postgres/postmaster';
import { reconnectingClient } from '../postgres/judge';
import { makeScratch, removeScratch } from '../postgres/sweep';

/** A streaming standby of a server that was started with `startEmbedded`: a copied data directory. */
export interface Standby {
  readonly url: string;
  stop(): Promise<void>;
}

const LEFT_OUT = ['postmaster.pid', 'postmaster.opts', 'postgresql.auto.conf'];

/** Starts one that reports every second how far it is. */
export async function startStandby(primary: string): Promise<Standby> {
  const scratch = makeScratch();
  const data = join(scratch, 'data');
  const account = serverAccount();
  await copyOf(primary, data);
  const { hostname, port, username, password } = new URL(primary);
  writeFileSync(join(data, 'standby.signal'), '');
  appendFileSync(
    join(data, 'postgresql.conf'),
    `\nprimary_conninfo = 'host=${hostname} port=${port} user=${username} password=${password}'
wal_receiver_status_interval = 1s\nhot_standby = on\nmax_connections = 200\nmax_prepared_transactions = 10\n`,
  );
  give(data, account);
  const own = await freePort();
  const flags = [
    '-D',
    data,
    '-p',
    String(own),
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'unix_socket_directories=',
  ];
  const server = spawn(join(nativeDirectory(account, scratch), 'bin', 'postgres'), flags, {
    ...account,
    cwd: data,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  await new Promise<void>((resolve, reject) => {
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-4_000);
      if (log.includes('ready to accept read-only connections')) resolve();
    });
    server.on('close', () => reject(new Error(`the standby did not start:\n${log}`)));
  });
  const url = new URL(primary);
  url.port = String(own);
  return {
    url: url.href,
    async stop() {
      const ended = once(server, 'exit');
      server.kill('SIGQUIT');
      await ended;
      removeScratch(scratch);
    },
  };
}

/** A copy that is taken while the server runs, as a base backup is. */
async function copyOf(primary: string, data: string): Promise<void> {
  const judge = reconnectingClient(primary);
  const [{ source } = { source: '' }] = await judge.query<{ source: string }>(
    `select current_setting('data_directory') as source`,
  );
  await judge.query(`select pg_backup_start('copy', true)`);
  cpSync(source, data, { recursive: true });
  const [label] = await judge.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
  await judge.end();
  for (const file of LEFT_OUT) rmSync(join(data, file), { force: true });
  writeFileSync(join(data, 'backup_label'), label?.labelfile ?? '');
}

function give(directory: string, { uid, gid }: Account): void {
  if (uid === undefined || gid === undefined) return;
  chownSync(directory, uid, gid);
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true }))
    chownSync(join(entry.parentPath, entry.name), uid, gid);
}
