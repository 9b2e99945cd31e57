import type { Plan, Report } from '../../outcome';
import type { Status } from '../../status/status';

/** Everything that the page tells; the plan is that of the report, made a moment later. */
export interface ReportData {
  readonly report: Report;
  readonly plan: Plan;
  readonly status: Status;
  /** ISO 8601. */
  readonly madeAt: string;
  readonly tool: { readonly name: string; readonly version: string };
}
