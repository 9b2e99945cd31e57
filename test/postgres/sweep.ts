import { execFileSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isOpenToAll } from './binaries';

const PREFIX = 'fk-guard-postgres-';
const GONE_WITHIN = 5_000;
const MEMORY = '/dev/shm';
const MEMORY_NEEDED = 3 * 2 ** 30;

/**
 * Makes a directory for one server. The owner's process id is part of its name, so that it is known from the first
 * moment whose it is, and a later run can tell that the owner is gone.
 */
export function makeScratch(parent = hasRoomInMemory() ? MEMORY : disk()): string {
  const scratch = mkdtempSync(join(parent, `${PREFIX}${process.pid}-`));
  chmodSync(scratch, 0o755);
  return scratch;
}

/** Stops the servers, and removes the directories, that killed runs of the same user left behind. */
export function sweep(): void {
  for (const scratch of scratches()) {
    const owner = Number(basename(scratch).slice(PREFIX.length).split('-')[0]);
    if (!Number.isInteger(owner) || isAlive(owner)) continue;
    try {
      if (lstatSync(scratch).uid === process.getuid?.()) removeScratch(scratch);
    } catch {
      // Another run sweeps at the same time and was faster.
    }
  }
}

/** All scratch directories there are: in memory, and where those go that find no room in it. */
export function scratches(): string[] {
  return [MEMORY, disk()]
    .filter(existsSync)
    .flatMap((parent) => readdirSync(parent).map((entry) => join(parent, entry)))
    .filter((path) => basename(path).startsWith(PREFIX));
}

/** Stops the server that runs in a scratch directory, if one does, and removes the directory. Works in exit handlers. */
export function removeScratch(scratch: string): void {
  const data = join(scratch, 'data');
  const server = postmaster(data);
  if (server !== undefined) {
    // SIGQUIT is "immediate shutdown" (manual, 18.5): nothing is written, shared memory is given back.
    process.kill(server, 'SIGQUIT');
    const deadline = Date.now() + GONE_WITHIN;
    while (existsSync(join(data, 'postmaster.pid')) && Date.now() < deadline) pause(10);
    if (postmaster(data) !== undefined) process.kill(server, 'SIGKILL');
  }
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}

/** The process id of the server on a data directory: only if it is a postgres, and really on this one. */
function postmaster(data: string): number | undefined {
  if (!existsSync(join(data, 'postmaster.pid'))) return undefined;
  const [id, directory] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  const server = Number(id);
  if (!(server > 1) || directory === undefined || realpathSync(directory) !== realpathSync(data))
    return undefined;
  const command = commandLine(server);
  return command.includes('postgres') && command.includes(data) ? server : undefined;
}

function commandLine(id: number): string {
  try {
    // `ps` is missing on slim images; other systems have no /proc.
    if (process.platform === 'linux')
      return readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-o', 'command=', '-p', String(id)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Where those go that find no room in memory, or that are to be as slow as a disk. */
export function disk(): string {
  const usable = (directory: string): boolean =>
    existsSync(directory) && (process.getuid?.() !== 0 || isOpenToAll(directory));
  return realpathSync([tmpdir(), '/tmp', '/var/tmp'].find(usable) ?? tmpdir());
}

/** Creating and dropping a database is some eight times as fast in memory as on a disk, even without fsync. */
function hasRoomInMemory(): boolean {
  try {
    accessSync(MEMORY, constants.W_OK);
    const mount = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
      .find(([, where]) => where === MEMORY);
    // In a container it often has 64 MB, and no program may run from it.
    if (mount === undefined || mount[3]?.split(',').includes('noexec')) return false;
    const { bavail, bsize } = statfsSync(MEMORY);
    return isOpenToAll(MEMORY) && bavail * bsize > MEMORY_NEEDED;
  } catch {
    return false;
  }
}

const pause = (milliseconds: number): unknown =>
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
