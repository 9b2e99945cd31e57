import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Baseline } from '../baseline/baseline';
import { baselineOf, baselineText, invalid, parseBaseline } from '../baseline/file';
import type { Report } from '../outcome';
import { CliError } from './cli-error';
import { EXIT } from './exit-codes';
import type { Flags } from './flags';
import type { Io } from './io';
import { assertWritable, SHARED, writeResultFile } from './result-file';
import { readTextFile, UnusableFile } from './text-file';

/** What the flags say about a baseline; the file is read before the database is looked at. */
export interface BaselineWish {
  /** The baseline that a report is judged by; it is written first, where that was asked for. */
  after(report: Report): Baseline | undefined;
}

/** Reads the baseline, or makes ready to write it. Throws `USAGE` or `CONFIG`. */
export function baselineFor({ baseline, writeBaseline, because }: Flags, io: Io): BaselineWish {
  if (baseline === undefined && writeBaseline)
    throw usage('--write-baseline needs a file.', 'Add --baseline <file>.');
  if (because !== undefined && !writeBaseline)
    throw usage('--because is the reason that --write-baseline writes.', 'Add --write-baseline.');
  if (baseline === undefined) return { after: () => undefined };
  const path = resolve(io.cwd, baseline);
  const before = read(path, writeBaseline ?? false);
  if (!writeBaseline) return { after: () => before };
  assertWritable(path);
  return {
    after(report) {
      if (report.summary.relations === 0) return before;
      const after = baselineOf(report.findings, before, because);
      if (!after)
        throw usage(
          'There are findings that no reason was given for; the baseline was not written.',
          'Add --because "why they may stay"; each reason can be edited in the file afterwards.',
        );
      writeResultFile(path, baselineText(after), SHARED);
      return after;
    },
  };
}

function read(path: string, mayBeMissing: boolean): Baseline | undefined {
  if (mayBeMissing && !existsSync(path)) return undefined;
  try {
    return parseBaseline(readTextFile(path), path);
  } catch (error) {
    throw error instanceof UnusableFile ? invalid(path, `cannot be read: ${error.message}`, error) : error;
  }
}

const usage = (message: string, advice: string): CliError =>
  new CliError('USAGE', EXIT.usage, message, advice);
