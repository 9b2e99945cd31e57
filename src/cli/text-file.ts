import { readFileSync, statSync } from 'node:fs';
import { messageOf } from './message-of';

/** No plan and no configuration comes near it; JSON of this size takes a second. */
const MOST_BYTES = 50_000_000;

/** Why a file cannot be used, for the end of a sentence. */
export class UnusableFile extends Error {}

/**
 * The text of a file that somebody has named, without its byte-order mark. Throws `UnusableFile` for what is no such
 * text: the read of a pipe would never end, and bytes of another encoding would silently become other characters.
 */
export function readTextFile(path: string): string {
  try {
    const found = statSync(path);
    if (found.isDirectory()) throw new UnusableFile('it is a directory');
    if (!found.isFile()) throw new UnusableFile('it is not a regular file');
    if (found.size > MOST_BYTES) throw new UnusableFile(`it is larger than ${MOST_BYTES / 1_000_000} MB`);
    return decode(readFileSync(path));
  } catch (error) {
    throw error instanceof UnusableFile ? error : new UnusableFile(reasonOf(error), { cause: error });
  }
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UnusableFile('it is not UTF-8', { cause: error });
  }
}

/** `no such file or directory` out of Node's `ENOENT: no such file or directory, open '…'`. */
export const reasonOf = (error: unknown): string =>
  /^[A-Z]+: ([^,]+)/.exec(messageOf(error))?.[1] ?? 'the file cannot be used';
