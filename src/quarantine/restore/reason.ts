import { FkGuardError, wireError } from '../../errors';

/** Why a row could not be put back. */
export interface Reason {
  readonly text: string;
  /** SQLSTATE, where the server has said no. */
  readonly code?: string;
  readonly constraint?: string;
  /** Without a whole key it may have been another row that was found: this one may come back later. */
  readonly unsure?: true;
}

/**
 * True for an error that is about the row or its table: bad values, broken constraints, what a trigger raises, missing
 * rights and names (classes 22, 23, 42, P0 and the like). A lock, a lost connection or a full disk is about none.
 */
export function isReason(error: unknown): boolean {
  const { code } = wireError(error);
  if (error instanceof FkGuardError || code === undefined || !/^[0-9A-Z]{5}$/.test(code)) return false;
  return !/^(08|25|40|53|54|57|58|XX|55P03)/.test(code);
}

/** Why a row could not be put back, by SQLSTATE (manual, appendix A); never with its values, which may be personal data. */
export function reasonOf(error: unknown): Reason {
  const { code = '', message, constraint = '' } = wireError(error);
  const known = { code, constraint };
  if (code === '23503') return stillMissing(constraint);
  if (code === '23505') return { ...known, text: `its key is taken (${constraint})` };
  if (code.startsWith('22')) return { ...known, text: `a value does not fit its column any more (${code})` };
  return { ...known, text: `${message} (${code})` };
}

/** The reason of a row whose parent is not there, by the name of the key. */
export const stillMissing = (constraint: string): Reason => ({
  text: `its parent is still missing (${constraint})`,
  code: '23503',
  constraint,
});
