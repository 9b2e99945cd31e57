import type { Finding } from './finding';

/** What can go wrong with a run, as opposed to what can be wrong with a database (those are findings). */
export type ErrorCode =
  | 'OPTIONS'
  | 'CONFIG'
  | 'UNSUPPORTED_DIALECT'
  | 'NO_MODELS'
  | 'CONNECTION'
  | 'PRIVILEGE'
  | 'FINDINGS'
  | 'BUDGET'
  | 'RUNNER_BUSY'
  | 'RUNNER_LOST'
  | 'POOLER'
  | 'LOCK_TIMEOUT'
  | 'TRIGGER_VETO'
  | 'USER_TRIGGER'
  | 'LIMIT'
  | 'RUN_ROWS'
  | 'CAPPED'
  | 'CANCELLED'
  | 'CASCADE_BLOCKED'
  | 'UNCASTABLE'
  | 'CASCADE_MOVED'
  | 'INDEX_CORRUPTED'
  | 'PLAN_STALE'
  | 'PLAN_INVALID'
  | 'NO_SUCH_RUN'
  | 'NO_SUCH_PARENT'
  | 'NO_SUCH_TABLE'
  | 'WRONG_KEY'
  | 'SCHEMA_MOVED'
  | 'PARENT_CONFLICT'
  | 'LEDGER'
  | 'SQL';

/**
 * The only error that the library throws by itself.
 *
 * `message` is for a person and never holds a password; `advice` is what to do about it; `cause` is the error
 * underneath, when there is one; `findings` are those that a `FINDINGS` is about.
 */
export class FkGuardError extends Error {
  override readonly name = 'FkGuardError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly advice: string,
    cause?: unknown,
    readonly findings?: readonly Finding[],
  ) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

/** The error of `onFindings: 'throw'`. */
export const findingsError = (findings: readonly Finding[]): FkGuardError =>
  new FkGuardError(
    'FINDINGS',
    `The database does not keep what the models promise: ${findings.map(({ message }) => message).join(' ')}`,
    'Run `npx fk-guard check` for the details.',
    undefined,
    findings,
  );

/** The fields of a server error as they came over the wire (PostgreSQL manual, 55.8); never parsed out of text. */
export interface WireError {
  readonly message: string;
  /** SQLSTATE, such as `23503`; or Node's own code, such as `ECONNREFUSED`. */
  readonly code?: string;
  readonly detail?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
  /** The statement of the server's own that failed inside of the client's. */
  readonly where?: string;
  /** The function in the server's sources: the same in every language. */
  readonly routine?: string;
  /** The client's statement; Sequelize puts it there. */
  readonly sql?: string;
}

/** Finds the server's fields behind the wrappers that Sequelize 6 (`parent`, `original`) and 7 (`cause`) add. */
export function wireError(error: unknown): WireError {
  let current: unknown = error;
  for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth++) {
    const fields = current as Partial<WireError> & { parent?: unknown; original?: unknown; cause?: unknown };
    if (typeof fields.code === 'string' && !(current instanceof FkGuardError)) return fields as WireError;
    current = fields.cause ?? fields.parent ?? fields.original;
  }
  return { message: error instanceof Error ? error.message : String(error) };
}
