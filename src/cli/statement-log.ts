import type { FkGuard } from '../guard';
import { visible } from '../visible';
import type { Output } from './io';

/** Tells on stderr every statement of the guard with its time, one line each. */
export function reportStatements(guard: FkGuard, stderr: Output): void {
  guard.on('statement', ({ sql, ms, failed }) =>
    stderr.write(
      `${ms.toFixed(1).padStart(9)} ms  ${visible(onOneLine(sql))};${failed === undefined ? '' : `  -- failed: ${failed}`}\n`,
    ),
  );
}

/** Quoted constants and names, and line breaks between them. */
const PIECES = /E'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\s*\n\s*/g;

/**
 * A statement as one line that can be copied. Parameters are only ever `$1`; but what writes rows back, or new parents, has
 * their values as constants of a named type, and they may be personal data: such statements are shown without constants.
 */
export function onOneLine(sql: string): string {
  const hides = /^\s*(?:insert|update|delete|with|values)\b|::/i.test(sql);
  return sql
    .trim()
    .replace(PIECES, (piece) => (/^\s/.test(piece) ? ' ' : hides && !piece.startsWith('"') ? `'…'` : piece));
}
