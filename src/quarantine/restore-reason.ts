import { wireError } from '../errors';

/** Why a row could not be put back, by SQLSTATE (manual, appendix A). */
export function reasonOf(error: unknown): string {
  const { code, message, constraint } = wireError(error);
  if (code === '23503') return `its parent is still missing (${constraint})`;
  if (code === '23505') return `its key is taken (${constraint})`;
  return `${message} (${code})`;
}
