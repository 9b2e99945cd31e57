import type { Finding } from '../finding';
import type { Report, Summary } from '../outcome';
import type { SeenTenant } from './look';

/** One report of all: findings and relations say by their child's schema whose they are. */
export function mergedReport(shared: Report, tenants: readonly SeenTenant[]): Report {
  const reports = [shared, ...tenants.flatMap(({ seen }) => seen?.report ?? [])];
  const findings = onePerId(reports.flatMap((report) => report.findings));
  return {
    schemaVersion: 1,
    database: shared.database,
    relations: reports.flatMap(({ relations }) => relations),
    findings,
    summary: summaryOf(
      reports.map(({ summary }) => summary),
      findings,
    ),
    notMeasured: [
      ...shared.notMeasured,
      ...tenants.flatMap(({ schema, seen }) =>
        (seen?.report.notMeasured ?? []).map((entry) => ({ ...entry, schema })),
      ),
    ],
    tenants: {
      total: tenants.length,
      healthy: tenants.filter(isHealthy).length,
      failed: tenants.flatMap(({ schema, error }) => (error ? [{ schema, error }] : [])),
    },
  };
}

const isHealthy = ({ seen }: SeenTenant): boolean =>
  seen !== undefined && seen.report.findings.every(({ severity }) => severity === 'info');

/** Several tenants say the same of a table that they share; the first one says it. */
export const onePerId = (findings: readonly Finding[]): readonly Finding[] =>
  onePer(findings, ({ id }) => id);

/** The first one of each. */
export function onePer<T>(entries: readonly T[], id: (entry: T) => string): readonly T[] {
  const said = new Set<string>();
  return entries.filter((entry) => !said.has(id(entry)) && said.add(id(entry)));
}

function summaryOf(summaries: readonly Summary[], findings: readonly Finding[]): Summary {
  const sum = (of: (summary: Summary) => number): number =>
    summaries.reduce((total, summary) => total + of(summary), 0);
  const count = (severity: Finding['severity']): number =>
    findings.filter((finding) => finding.severity === severity).length;
  return {
    tables: sum(({ tables }) => tables),
    relations: sum(({ relations }) => relations),
    healthy: sum(({ healthy }) => healthy),
    orphanRows: sum(({ orphanRows }) => orphanRows),
    errors: count('error'),
    warnings: count('warning'),
    infos: count('info'),
  };
}
