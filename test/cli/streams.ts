import { PassThrough } from 'node:stream';
import type { Io } from '../../src/cli/io';

/** Streams that remember, in place of a terminal. */
export interface RecordedIo extends Io {
  readonly stdin: PassThrough;
  readonly out: () => string;
  readonly err: () => string;
}

/** An `Io` of a test; `answers` are lines that the person at the terminal types. */
export function recordedIo(
  more: Partial<Pick<Io, 'env' | 'cwd' | 'interactive'>> & { readonly answers?: readonly string[] } = {},
): RecordedIo {
  const { answers, ...given } = more;
  const written = { out: '', err: '' };
  const stdin = new PassThrough();
  for (const answer of answers ?? []) stdin.write(`${answer}\n`);
  return {
    stdout: { write: (text) => void (written.out += text), colours: false },
    stderr: { write: (text) => void (written.err += text), colours: false },
    stdin,
    interactive: answers !== undefined,
    env: {},
    cwd: '/',
    ...given,
    out: () => written.out,
    err: () => written.err,
  };
}
