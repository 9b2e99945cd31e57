import { parseArgs } from 'node:util';
import { isSizeName, SIZES, type SizeName } from './sizes';

export interface Wishes {
  readonly size: SizeName;
  /** Names of scenarios; all when empty. */
  readonly only: readonly string[];
  readonly writeDocs: boolean;
  /** A major version of the matrix; otherwise the newest. */
  readonly postgres: string | undefined;
  /** Instead of as many as the size has. */
  readonly rounds: number | undefined;
  /** Files of earlier runs, whose other scenarios are taken over: a large run takes hours. */
  readonly also: readonly string[];
}

/**
 * Reads `--size small|medium|large`, `--only <scenario>` and `--also <result>` (both more than once), `--rounds <number>`,
 * `--write-docs` and `--postgres <major>`.
 */
export function wishesOf(words: readonly string[], names: readonly string[]): Wishes {
  const { values } = parseArgs({
    args: [...words],
    options: {
      size: { type: 'string', default: 'small' },
      only: { type: 'string', multiple: true, default: [] },
      'write-docs': { type: 'boolean', default: false },
      postgres: { type: 'string' },
      rounds: { type: 'string' },
      also: { type: 'string', multiple: true, default: [] },
    },
  });
  const { size, only, also, 'write-docs': writeDocs, postgres } = values;
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (!isSizeName(size)) throw new Error(`--size is one of ${Object.keys(SIZES).join(', ')}, not '${size}'`);
  for (const name of only)
    if (!names.includes(name)) throw new Error(`--only is one of ${names.join(', ')}, not '${name}'`);
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0))
    throw new Error(`--rounds is a whole number from 1, not '${values.rounds}'`);
  return { size, only, writeDocs, postgres, rounds, also };
}
