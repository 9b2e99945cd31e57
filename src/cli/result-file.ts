import { closeSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CliError } from './cli-error';
import { EXIT } from './exit-codes';
import { reasonOf } from './text-file';

/** Readable by its owner only: what a command has found may hold keys of people. */
export const PRIVATE = 0o600;

/** For what is made to be handed on; the umask decides as it does for other programs. */
export const SHARED = 0o666;

/**
 * Writes a result to a file, whole or not at all: a build that is stopped leaves no half document behind. What is no
 * ordinary file (`/dev/stdout`, a pipe) is written to as it is. A failure is a clear sentence and exit 1.
 */
export function writeResultFile(path: string, text: string, mode: number): void {
  try {
    const target = targetOf(path);
    if (!target.ordinary) return writeFileSync(target.path, text);
    const temporary = besides(target.path);
    try {
      writeFileSync(temporary, text, { mode, flag: 'wx' });
      renameSync(temporary, target.path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** Throws what `writeResultFile` would throw; asked before a command writes to a database. */
export function assertWritable(path: string): void {
  try {
    const target = targetOf(path);
    if (!target.ordinary) return;
    const temporary = besides(target.path);
    closeSync(openSync(temporary, 'wx', PRIVATE));
    rmSync(temporary);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** Behind symbolic links, because a rename would take the place of one. */
function targetOf(path: string): { readonly path: string; readonly ordinary: boolean } {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return { path, ordinary: true };
  if (found.isDirectory()) throw new Error('EISDIR: it is a directory, not a file');
  return { path: realpathSync(path), ordinary: found.isFile() };
}

/** In the same directory, or the rename would be a copy. */
const besides = (path: string): string => join(dirname(path), `.fk-guard-${process.pid}-${Date.now()}.tmp`);

const cannotWrite = (path: string, error: unknown): CliError =>
  new CliError(
    'OUTPUT',
    EXIT.failed,
    `Cannot write ${path}: ${reasonOf(error)}`,
    'Choose a file in a directory that exists and can be written to.',
  );
