import { FkGuardError, type ErrorCode } from '../errors';
import type { Finding } from '../finding';
import type { Outcome, Report } from '../outcome';
import { CliError } from './cli-error';

/** The numbers that scripts rely on; `fk-guard --help` lists them. */
export const EXIT = {
  ok: 0,
  /** Failed before anything was written. */
  failed: 1,
  findings: 2,
  /** Refusals remain; what could be repaired was. */
  refused: 3,
  /** Stopped part way; running again goes on. */
  partial: 4,
  usage: 64,
  configuration: 78,
  cancelled: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export type FailOn = 'error' | 'warning' | 'never';

/** `check` and `verify`: findings from `failOn` upwards fail, and so does having looked at nothing, or not at a tenant. */
export function exitCodeOfReport({ findings, summary, tenants }: Report, failOn: FailOn): ExitCode {
  if (summary.relations === 0) return EXIT.findings;
  if (findings.some(({ severity }) => FAILING[failOn].includes(severity))) return EXIT.findings;
  return tenants && tenants.failed.length > 0 ? EXIT.failed : EXIT.ok;
}

const FAILING: Readonly<Record<FailOn, readonly Finding['severity'][]>> = {
  error: ['error'],
  warning: ['error', 'warning'],
  never: [],
};

/** `apply`: a step that failed comes first, then refusals, then what only a second run can see and repair. */
export function exitCodeOfOutcome({ status, steps, remaining }: Outcome): ExitCode {
  const written = steps.some(wrote);
  if (status === 'partial')
    return written || !steps.some((step) => step.status === 'failed') ? EXIT.partial : EXIT.failed;
  if (status === 'refused' || remaining.some(({ repair }) => repair === 'refused')) return EXIT.refused;
  // Rows that a clean-up turned into orphans were in no plan that anybody has agreed to.
  return written && remaining.some(({ repair }) => repair === 'automatic') ? EXIT.partial : EXIT.ok;
}

const wrote = ({ status, rows }: Outcome['steps'][number]): boolean => status === 'done' || rows > 0;

const OF_ERROR: Partial<Record<ErrorCode, ExitCode>> = {
  OPTIONS: EXIT.configuration,
  CONFIG: EXIT.configuration,
  NO_MODELS: EXIT.configuration,
  UNSUPPORTED_DIALECT: EXIT.configuration,
  NO_SUCH_TABLE: EXIT.usage,
  WRONG_KEY: EXIT.usage,
  PLAN_STALE: EXIT.refused,
  PLAN_INVALID: EXIT.refused,
  LIMIT: EXIT.refused,
  SCHEMA_MOVED: EXIT.refused,
  RUN_ROWS: EXIT.refused,
  CAPPED: EXIT.partial,
  CANCELLED: EXIT.cancelled,
  POOLER: EXIT.refused,
  FINDINGS: EXIT.findings,
};

/** `written`: whether a step had been committed before the error. */
export function exitCodeOfError(error: unknown, written: boolean): ExitCode {
  if (error instanceof CliError) return error.exitCode;
  const known = error instanceof FkGuardError ? OF_ERROR[error.code] : undefined;
  return known ?? (written ? EXIT.partial : EXIT.failed);
}
