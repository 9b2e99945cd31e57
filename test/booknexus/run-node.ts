import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Where `npm` commands are given. */
export const ROOT = resolve(__dirname, '../..');

/** What a finished process left. */
export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script of this package with Node and waits for it; without `DATABASE_URL` unless it is given. */
export function runNode(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Finished {
  return spawnSync(process.execPath, [resolve(ROOT, script), ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: environmentWith(environment),
  });
}

/** This process's environment without the variables that would change what BookNexus does. */
export function environmentWith(environment: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const {
    DATABASE_URL: _url,
    PORT: _port,
    DRAIN_DELAY_MS: _delay,
    FK_GUARD_MODE: _mode,
    ...rest
  } = process.env;
  return { ...rest, ...environment };
}
