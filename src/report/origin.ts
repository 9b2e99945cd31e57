import type { Finding } from '../finding';

/** A place in the user's own files, as a report of code shows it. */
export interface SourcePlace {
  /** Relative to the project, with slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Where a finding is to be mended: the model's file where it is known, else the configuration. */
export type Origin = (finding: Finding) => SourcePlace | undefined;
