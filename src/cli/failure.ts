import { FkGuardError, wireError } from '../errors';
import { paragraph } from '../report/layout';
import type { ReportedError } from '../report/json';
import { plain } from '../report/paint';
import { visibleLines } from '../visible';
import { CliError } from './cli-error';

/** An error in the words for a person: what happened, and what to do. */
export function describeError(error: unknown): ReportedError {
  if (error instanceof FkGuardError || error instanceof CliError)
    return { code: error.code, message: error.message, advice: error.advice };
  const { message, code } = wireError(error);
  return {
    code: code ?? 'UNEXPECTED',
    message: message === '' ? String(error) : message,
    advice: 'Run it again with --verbose to see where it comes from.',
  };
}

/** `fk-guard: …` with the advice below it; the stack only when it was asked for. */
export function errorText(error: unknown, verbose: boolean): string {
  const { message, advice } = describeError(error);
  const lines = [
    `fk-guard: ${visibleLines(message)}`,
    ...(advice === ''
      ? []
      : advice.includes('\n')
        ? [advice]
        : [paragraph('  ', visibleLines(advice), plain)]),
  ];
  if (verbose) lines.push(...stacks(error));
  return `${lines.join('\n')}\n`;
}

/** The error's stack and those of its causes. */
function stacks(error: unknown): readonly string[] {
  const found: string[] = [];
  for (let current = error; current instanceof Error && found.length < 5; current = current.cause)
    found.push(visibleLines(current.stack ?? current.message));
  return found;
}
