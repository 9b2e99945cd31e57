import type { Baseline, Compared } from '../baseline/baseline';
import { compare } from '../baseline/compare';
import type { Finding } from '../finding';
import type { Report } from '../outcome';

/** A look at the database, beside the baseline where there is one. */
export interface Checked {
  readonly report: Report;
  /** Findings that count: all, or those that the baseline does not accept. */
  readonly fresh: readonly Finding[];
  readonly baseline: Compared | undefined;
}

/** Judges a report by a baseline. */
export function checkedBy(report: Report, baseline: Baseline | undefined): Checked {
  const compared = baseline && compare(report.findings, baseline);
  return { report, baseline: compared, fresh: compared?.fresh ?? report.findings };
}
