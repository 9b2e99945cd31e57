import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { installedNativeDirectory } from './binaries';
import { startEmbedded } from './embedded';
import type { Started } from './server';

/** A server of a test's own, of the version that the test run is for. */
export function startOwn(env: NodeJS.ProcessEnv = process.env): Promise<Started> {
  return startEmbedded(binaries(env));
}

/**
 * Copies the data directory of a server that nobody writes to just now, and starts the copy as a standby that hears no
 * more of it: it stays behind.
 */
export async function startStandby(primary: string, env: NodeJS.ProcessEnv = process.env): Promise<Started> {
  const client = new Client({ connectionString: primary });
  await client.connect();
  await client.query('checkpoint');
  const { rows } = await client.query<{ data_directory: string }>('show data_directory');
  await client.end();
  const from = rows[0]?.data_directory ?? '';
  // Not `cpSync`: the files have to stay those of the server's user.
  const copy = (_bin: string, data: string): Promise<string> => {
    execFileSync('cp', ['-a', from, data]);
    rmSync(join(data, 'postmaster.pid'));
    writeFileSync(join(data, 'standby.signal'), '');
    return Promise.resolve(decodeURIComponent(new URL(primary).password));
  };
  return startEmbedded(binaries(env), [], copy);
}

function binaries(env: NodeJS.ProcessEnv): string | undefined {
  const [, major] = /^embedded-(\d+)$/.exec(env['TEST_PG'] ?? '') ?? [];
  return major === undefined ? undefined : installedNativeDirectory(major);
}
