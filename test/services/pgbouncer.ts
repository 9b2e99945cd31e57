import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { serverAccount } from '../postgres/binaries';
import { cleanUpAtExit } from '../postgres/embedded';
import { freePort } from '../postgres/postmaster';
import { makeScratch, removeScratch, sweep } from '../postgres/sweep';

/** A PgBouncer in front of the test run's server. */
export interface PgBouncer {
  /** The same connection string, by way of the pooler. */
  through(url: string): string;
  stop(): Promise<void>;
}

interface Pool {
  readonly mode: 'transaction' | 'session';
  /** Connections to the server for each user and database. */
  readonly size?: number;
  /** How long a client waits for one of them. */
  readonly waitSeconds?: number;
}

/**
 * Starts Debian's PgBouncer on a free port. Debian puts it into /usr/sbin, which is not on everybody's path. `setpriv`
 * makes another user of root, as whom it refuses to run, and sees to it that it dies with this process.
 */
export async function startPgBouncer(
  server: string,
  { mode, size = 20, waitSeconds = 20 }: Pool,
): Promise<PgBouncer> {
  sweep();
  const scratch = makeScratch();
  const forget = cleanUpAtExit(scratch);
  const port = await freePort();
  const config = join(scratch, 'pgbouncer.ini');
  const users = join(scratch, 'users.txt');
  const { hostname, port: serverPort, username, password } = new URL(server);
  write(users, `"${username}" "${decodeURIComponent(password)}"\n`);
  write(config, configuration({ hostname, serverPort, username, users, port, mode, size, waitSeconds }));
  const child = spawn('setpriv', [...asSomebody(), '--pdeathsig', 'TERM', 'pgbouncer', config], {
    env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await ready(child);
  // A test that fails may leave it behind; that must not keep this process.
  child.unref();
  (child.stderr as Socket).unref();
  return {
    through(url) {
      const changed = new URL(url);
      changed.host = `127.0.0.1:${port}`;
      return changed.href;
    },
    async stop() {
      const exit = once(child, 'exit');
      child.ref();
      // SIGINT would wait for clients; SIGTERM ends at once (pgbouncer(1)).
      child.kill('SIGTERM');
      await exit;
      removeScratch(scratch);
      forget();
    },
  };
}

function asSomebody(): readonly string[] {
  const account = serverAccount();
  return 'uid' in account ? [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'] : [];
}

function write(file: string, content: string): void {
  writeFileSync(file, content, { mode: 0o600 });
  const account = serverAccount();
  if ('uid' in account) chownSync(file, account.uid, account.gid);
}

interface Configured {
  readonly hostname: string;
  readonly serverPort: string;
  readonly username: string;
  readonly users: string;
  readonly port: number;
  readonly mode: string;
  readonly size: number;
  readonly waitSeconds: number;
}

/** Roles that tests make are looked up on the server. `extra_float_digits` and such of drivers are let through. */
const configuration = ({
  hostname,
  serverPort,
  username,
  users,
  port,
  mode,
  size,
  waitSeconds,
}: Configured): string => `
[databases]
* = host=${hostname} port=${serverPort} auth_user=${username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = ${mode}
default_pool_size = ${size}
max_client_conn = 500
ignore_startup_parameters = extra_float_digits
query_wait_timeout = ${waitSeconds}
`;

function ready(child: ChildProcess): Promise<void> {
  let log = '';
  return new Promise((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-4_000);
      if (log.includes('process up')) resolve();
    });
    child.on('error', reject);
    child.on('close', () => reject(new Error(`PgBouncer did not start:\n${log}`)));
  });
}
