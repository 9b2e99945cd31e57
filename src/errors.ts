import type { Finding } from './finding';

/** What can go wrong with a run, as opposed to what can be wrong with a database (those are findings). */
export type ErrorCode =
  /** An option is wrong, or `FK_GUARD_MODE` is. */
  | 'OPTIONS'
  /** The configuration, or a key that is declared by hand, is wrong. */
  | 'CONFIG'
  /** The instance is not one of PostgreSQL. */
  | 'UNSUPPORTED_DIALECT'
  /** There are no models, so there is nothing to look at. */
  | 'NO_MODELS'
  /** The server does not answer, refuses, or the connection was lost. */
  | 'CONNECTION'
  /** The role lacks rights; `advice` has the GRANT for each. Or its settings keep keys or rows from it. */
  | 'PRIVILEGE'
  /** Of `onFindings: 'throw'` and `assertForeignKeys`: promises of the models are not kept. */
  | 'FINDINGS'
  /** The time for the start (`startupBudget`) is over; what is done stays done. */
  | 'BUDGET'
  /** Another guard is at work, and was for longer than `waitTimeout`. */
  | 'RUNNER_BUSY'
  /** The connection that keeps other guards away is gone; running again goes on. */
  | 'RUNNER_LOST'
  /** A statement that does not go through a pooler; `directUrl` leads past it. */
  | 'POOLER'
  /** No lock within `lockBudget`; the message names who holds the table. */
  | 'LOCK_TIMEOUT'
  /** A trigger or rule has kept rows that should be gone, or changed; the batch was rolled back. */
  | 'TRIGGER_VETO'
  /** A trigger or rule would act on the rows, and `triggers` does not allow it. */
  | 'USER_TRIGGER'
  /** More rows would go, or be rewritten, than `limits` lets. */
  | 'LIMIT'
  /** More rows can only go together than `maxRunRows` lets. */
  | 'RUN_ROWS'
  /** `maxRunTime` or `maxRunRows` has ended the run; the next one goes on. */
  | 'CAPPED'
  /** Somebody has cancelled the work (Ctrl-C, an `AbortSignal`): what was in hand was rolled back. */
  | 'CANCELLED'
  /** Rows point at orphans through a key that would not let them go. */
  | 'CASCADE_BLOCKED'
  /** Values have come that have no place in the column's new type. */
  | 'UNCASTABLE'
  /** A table, a key or a parent is another one than when the rows were judged. */
  | 'CASCADE_MOVED'
  /** Only an index takes these rows for orphans: it misses rows of the parent. */
  | 'INDEX_CORRUPTED'
  /** The database is not what the plan saw any more. */
  | 'PLAN_STALE'
  /** The plan was edited, or is none. */
  | 'PLAN_INVALID'
  /** The ledger has no run of this id. */
  | 'NO_SUCH_RUN'
  /** A parent does not exist, and nothing says how to make it. */
  | 'NO_SUCH_PARENT'
  /** No model or table is called so, or no foreign key can point at it. */
  | 'NO_SUCH_TABLE'
  /** The key does not name one row of this table: other columns, or a value that does not fit. */
  | 'WRONG_KEY'
  /** The schema is not what the run has left, so it cannot be taken back. */
  | 'SCHEMA_MOVED'
  /** A parent cannot be made: another row has one of its unique values. */
  | 'PARENT_CONFLICT'
  /** The guard's own tables cannot be read, or were edited. */
  | 'LEDGER'
  /** The server refuses a statement; `cause` is its error. */
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
