import type { Sequelize } from 'sequelize';
import type {
  Finding,
  FkGuardOptions,
  ForeignKeyDeclaration,
  Outcome,
  Plan,
  ProblemKind,
} from 'sequelize-fk-guard';
import type { TestDatabase } from '../postgres/database';

/** One damaged database, and everything that the guard has to say and to do about one kind of problem in it. */
export interface ProblemCase {
  readonly kind: ProblemKind;
  readonly title: string;
  /** Only the newest server can express it, so that nothing of it is left to the matrix. */
  readonly newest?: boolean;
  /** SQL that makes the damaged database. */
  readonly schema: string;
  /** What else is done to it before the guard looks. */
  readonly prepare?: (database: TestDatabase) => Promise<void>;
  /** The keys that are wanted, by hand … */
  readonly foreignKeys?: readonly ForeignKeyDeclaration[];
  /** … or by models, on an instance that has the guard installed already. */
  readonly models?: (sequelize: Sequelize) => void;
  readonly options?: FkGuardOptions;
  /** All findings of the kind; nothing in the database may be wrong besides them and `besides`. */
  readonly findings: readonly ExpectedFinding[];
  /** The kinds of all other findings, in the registry's order. @defaultValue [] */
  readonly besides?: readonly ProblemKind[];
  /** The whole plan, as `planLines` prints it. @defaultValue [] */
  readonly plan?: readonly string[];
  /** What becomes of the plan's steps, when it is not all done, as `resultLines` prints it. */
  readonly results?: readonly string[];
  /** The status of the outcome. @defaultValue as the findings say */
  readonly status?: 'clean' | 'repaired' | 'partial' | 'refused';
  /** What differs in the whole database afterwards, in PostgreSQL's own words: `- ` is gone, `+ ` is new. @defaultValue [] */
  readonly end?: readonly string[];
  /** What a person has to undo by hand before the rows fit in again: a restore does not change the types of columns. */
  readonly beforeRestore?: string;
  /** Of those, the rows that the application's own triggers wrote, or its `createParent`: a restore of the others leaves them. @defaultValue [] */
  readonly written?: readonly string[];
}

/** What a finding must say; of the fields that may be left out, those that are given. */
export type ExpectedFinding = Pick<Finding, 'message' | 'repair'> &
  Partial<Pick<Finding, 'severity' | 'why' | 'help' | 'constraint'>> & {
    /** @defaultValue none */
    readonly rows?: number;
    /** @defaultValue none */
    readonly sampleKeys?: readonly string[];
    /** `CODE: message → option` @defaultValue none */
    readonly refusal?: string;
  };

/** The same part of the findings that an expectation names, with every field whose absence is a statement. */
export function spoken(finding: Finding, expected: ExpectedFinding | undefined): ExpectedFinding {
  const { message, repair, rows, sampleKeys, refusal, severity, why, help, constraint } = finding;
  return {
    message,
    repair,
    ...(rows !== undefined && { rows }),
    ...(sampleKeys && { sampleKeys }),
    ...(refusal && {
      refusal: `${refusal.code}: ${refusal.message}${refusal.option === '' ? '' : ` → ${refusal.option}`}`,
    }),
    ...(expected?.severity && { severity }),
    ...(expected?.why !== undefined && { why }),
    ...(expected?.help !== undefined && { help }),
    ...(expected?.constraint !== undefined && constraint !== undefined && { constraint }),
  };
}

/** Each statement of a plan on a line; a clean-up, whose SQL depends on the rows, by its title and their number. */
export const planLines = (plan: Plan): readonly string[] =>
  plan.steps.flatMap(({ statements, title, rows }) =>
    statements.length > 0 ? statements.map(({ sql }) => sql) : [`${title}: ${rows}`],
  );

/** `done: title`, `skipped: title`, or `refused: title: CODE: message`. */
export const resultLines = ({ steps }: Outcome): readonly string[] =>
  steps.map(({ status, title, error }) =>
    [status, title, ...(error ? [error.code, error.message] : [])].join(': '),
  );
