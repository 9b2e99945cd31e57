import { parseArgs } from 'node:util';
import { isSizeName, SIZES, type SizeName } from './sizes';

export interface Wishes {
  readonly size: SizeName;
  /** Names of scenarios; all when empty. */
  readonly only: readonly string[];
  readonly writeDocs: boolean;
  /** A major version of the matrix; otherwise the newest. */
  readonly postgres: string | undefined;
}

/** Reads `--size small|medium|large`, `--only <scenario>` (more than once), `--write-docs` and `--postgres <major>`. */
export function wishesOf(words: readonly string[], names: readonly string[]): Wishes {
  const { values } = parseArgs({
    args: [...words],
    options: {
      size: { type: 'string', default: 'small' },
      only: { type: 'string', multiple: true, default: [] },
      'write-docs': { type: 'boolean', default: false },
      postgres: { type: 'string' },
    },
  });
  const { size, only, 'write-docs': writeDocs, postgres } = values;
  if (!isSizeName(size)) throw new Error(`--size is one of ${Object.keys(SIZES).join(', ')}, not '${size}'`);
  for (const name of only)
    if (!names.includes(name)) throw new Error(`--only is one of ${names.join(', ')}, not '${name}'`);
  if (writeDocs && only.length > 0) throw new Error('--write-docs needs all scenarios: leave --only out');
  return { size, only, writeDocs, postgres };
}
