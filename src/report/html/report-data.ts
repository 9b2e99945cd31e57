import type { Plan, Report } from '../../outcome';
import type { Status } from '../../status/status';

/** What was looked at; the plan is that of the report, made a moment later. A check alone has neither plan nor status. */
export interface Looked {
  readonly report: Report;
  readonly plan?: Plan;
  readonly status?: Status;
  /** What stands beside it, such as what a baseline accepts. */
  readonly notes?: readonly string[];
}

/** Everything that the page tells. */
export interface ReportData extends Looked {
  /** ISO 8601. */
  readonly madeAt: string;
  readonly tool: { readonly name: string; readonly version: string };
}

/** The page's own style sheet and script, each with the hash by which the page's policy names it. */
export interface PageAssets {
  readonly style: Asset;
  readonly script: Asset;
}

export interface Asset {
  readonly text: string;
  /** `sha256-…` */
  readonly hash: string;
}
