import { FkGuardError, wireError, type ErrorCode } from '../errors';
import type { StepResult } from '../outcome';

/** Codes with which the guard itself declines to go on: the database is fine, an option decides. */
const REFUSALS: readonly ErrorCode[] = [
  'LIMIT',
  'RUN_ROWS',
  'CASCADE_BLOCKED',
  'TRIGGER_VETO',
  'USER_TRIGGER',
  'NO_SUCH_PARENT',
  'PRIVILEGE',
  'POOLER',
];

/** Codes with which a run ends on purpose, to go on with the next. */
const ENDS: readonly ErrorCode[] = ['CAPPED', 'CANCELLED'];

/** How a step that threw stands in the outcome. */
export function failureOf(error: unknown): Required<Pick<StepResult, 'status' | 'error'>> {
  if (error instanceof FkGuardError) {
    const { code, message, advice } = error;
    const status = ENDS.includes(code) ? 'stopped' : REFUSALS.includes(code) ? 'refused' : 'failed';
    return { status, error: { code, message, advice } };
  }
  const { code, message } = wireError(error);
  return {
    status: 'failed',
    error: {
      code: 'SQL',
      message: code === undefined ? message : `${message} (${code})`,
      advice: adviceFor(code),
    },
  };
}

/** By SQLSTATE (manual, appendix A). */
function adviceFor(code: string | undefined): string {
  if (code === '42501') return 'Connect with a role that owns the tables, or grant it what is missing.';
  if (code === '23503') return 'New orphans came in meanwhile; run again.';
  if (code === '23505')
    return 'Two rows would get the same key; nothing of this step was done. Decide about these rows in another way.';
  if (code === '57014')
    return 'The statement was cancelled; raise statementTimeout or startupBudget and run again.';
  if (code?.startsWith('08') || code === '57P01')
    return 'The connection was lost; run again: what is done stays done.';
  return 'What is done stays done; run again when the cause is gone.';
}
