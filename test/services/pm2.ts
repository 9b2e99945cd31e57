import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { environmentWith, ROOT } from '../booknexus/run-node';

const PREFIX = 'fk-guard-pm2-';
const BIN = join(ROOT, 'node_modules/.bin');

/** What a command left. */
export interface Ended {
  readonly status: number;
  readonly output: string;
}

/** A process as pm2 sees it. */
export interface Listed {
  readonly pid: number;
  readonly status: string;
  readonly restarts: number;
  readonly exitCode: number | undefined;
}

/** A pm2 with a daemon of its own, which nobody else's processes are under. */
export interface PrivatePm2 {
  /** Runs a program that finds this pm2 on its path. */
  run(
    command: string,
    args: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ): Promise<Ended>;
  processes(): Promise<readonly Listed[]>;
  /** Ends the daemon and all that it runs. */
  remove(): void;
}

/** Nothing runs yet: the first command starts the daemon. It is gone when this process ends, or with the next run. */
export function privatePm2(directory: string): PrivatePm2 {
  removeLeftOvers();
  const home = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const env = {
    ...environmentWith({}),
    PM2_HOME: home,
    PM2_DISCRETE_MODE: 'true',
    PATH: `${BIN}${delimiter}${process.env['PATH'] ?? ''}`,
  };
  const run: PrivatePm2['run'] = (command, args, environment = {}) =>
    new Promise((resolve) => {
      execFile(
        command,
        args,
        { cwd: directory, env: { ...env, ...environment } },
        (error, stdout, stderr) => {
          const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
          resolve({ status, output: stdout + stderr });
        },
      );
    });
  const remove = (): void => removeHome(home);
  process.once('exit', remove);
  return {
    run,
    async processes() {
      const { output } = await run('pm2', ['jlist']);
      return (JSON.parse(output.slice(output.indexOf('[{'))) as Raw[]).map(({ pid, pm2_env }) => ({
        pid,
        status: pm2_env.status,
        restarts: pm2_env.restart_time,
        exitCode: pm2_env.exit_code,
      }));
    },
    remove() {
      process.off('exit', remove);
      remove();
    },
  };
}

interface Raw {
  readonly pid: number;
  readonly pm2_env: { readonly status: string; readonly restart_time: number; readonly exit_code?: number };
}

/** Works in an exit handler. `pm2 kill` ends every process and then the daemon. */
function removeHome(home: string): void {
  if (existsSync(join(home, 'pm2.pid')))
    spawnSync(join(BIN, 'pm2'), ['kill'], {
      env: { ...environmentWith({}), PM2_HOME: home },
      timeout: 20_000,
    });
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}

/** Of runs that were killed; the owner's process id is part of the name. */
function removeLeftOvers(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const owner = name.slice(PREFIX.length).split('-')[0] ?? '';
    if (!isRunning(Number(owner))) removeHome(join(tmpdir(), name));
  }
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
