import type { Finding } from '../../finding';
import type { NotMeasured } from '../../snapshot';
import type { TenantsSeen } from '../../tenants/results';

/** How the database is now, for a health check. Holds no value of any row. */
export interface Health {
  /**
   * `fail`: the database does not answer, or a table or column of a model is missing. `warn`: the application works, and
   * a promise of its models is not kept. `pass`: all are, whatever may be said of indexes.
   */
  readonly status: 'pass' | 'warn' | 'fail';
  /** ISO 8601, as `orphansCheckedAt`. */
  readonly checkedAt: string;
  /** Of the catalog as it is now, and the orphans that the last count found and no key has disproved since. */
  readonly findings: readonly Finding[];
  /** When orphans were counted the last time, by a monitor, a check or a run of this guard; absent before the first time. */
  readonly orphansCheckedAt?: string;
  readonly durationMs: number;
  /** A step of a repair is being carried out in this process; it makes the status neither better nor worse. */
  readonly repairing: boolean;
  /** Why there was no look. Names neither the server, nor a user, nor a value. */
  readonly error?: { readonly code: string; readonly message: string; readonly advice: string };
}

/** What counting rows has found that a look at the catalog cannot find. */
export interface Count {
  readonly at: Date;
  readonly findings: readonly Finding[];
}

/** Found by counting alone. */
const COUNTED: readonly string[] = ['orphaned-rows', 'half-null-key'];

/** The part of a look at the rows that is kept until the next one. */
export const countOf = (findings: readonly Finding[], at: Date): Count => ({
  at,
  findings: findings.filter(({ kind }) => COUNTED.includes(kind)).map(withoutValues),
});

/** Whoever wants samples wants them in a report; a health check goes out over the network. */
function withoutValues(finding: Finding): Finding {
  const { sampleKeys: _, ...rest } = finding;
  return rest;
}

/** What the catalog says now beside what was counted: a key that has been validated since has disproved the orphans. */
export function joined(
  report: {
    readonly findings: readonly Finding[];
    readonly notMeasured: readonly {
      readonly relation: string;
      readonly reason: NotMeasured;
      readonly schema?: string;
    }[];
  },
  count: Count | undefined,
): readonly Finding[] {
  const proved = new Set(
    report.notMeasured.flatMap(({ relation, reason, schema }) =>
      reason === 'trusted' ? [provedFor(relation, schema)] : [],
    ),
  );
  const open = (count?.findings ?? []).filter(
    ({ relation, child }) =>
      relation === undefined ||
      !(proved.has(provedFor(relation)) || proved.has(provedFor(relation, child.schema))),
  );
  return [...report.findings.map(onTheSurface), ...open];
}

/** Each tenant has a key of its own for the same relation. */
const provedFor = (relation: string, schema?: string): string => JSON.stringify([relation, schema]);

/** Whether the guard would repair it depends on rows that were not looked at, so nothing is said of it. */
function onTheSurface(finding: Finding): Finding {
  if (finding.refusal === undefined || !UNSEEN.includes(finding.refusal.code)) return withoutValues(finding);
  const { refusal: _, ...rest } = withoutValues(finding);
  return {
    ...rest,
    repair: 'manual',
    help: 'Run `npx fk-guard plan` to see whether the guard would repair it.',
  };
}

const UNSEEN: readonly string[] = ['NOT_MEASURED', 'UNREADABLE'];

/** Neither a wrong key nor an old row takes an application out of service; what makes its every statement fail does. */
export function statusOf(findings: readonly Finding[], tenants?: TenantsSeen): Health['status'] {
  if (isOutOfService(findings, tenants)) return 'fail';
  if (tenants && tenants.failed.length > 0) return 'warn';
  if (findings.some(isFatal)) return 'warn';
  return findings.some(({ severity, kind }) => severity !== 'info' && !SLOW.includes(kind)) ? 'warn' : 'pass';
}

/** One tenant whose table is missing must not take the others' application away. */
const isOutOfService = (findings: readonly Finding[], tenants?: TenantsSeen): boolean =>
  new Set(findings.filter(isFatal).map(({ child }) => child.schema)).size >= Math.max(1, tenants?.total ?? 1);

/** They cost time and break no promise; `sync()` builds no index for a key, so that whole applications lack them. */
const SLOW: readonly string[] = ['unindexed-foreign-key', 'invalid-index'];

/** A relation's parent may be missing while every model has its table: then only the key is missing. */
export const isFatal = ({ kind, relation }: Finding): boolean =>
  kind === 'missing-column' || (kind === 'missing-table' && relation === undefined);
