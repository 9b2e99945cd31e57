import { FkGuardError } from 'sequelize-fk-guard';

/** What a person needs to know about an error: one line each, no stack, no password. */
export interface Failure {
  /** SQLSTATE, Node's own code or the guard's; empty when there is none. */
  readonly code: string;
  readonly reason: string;
  readonly advice?: string;
}

/** Looks behind the wrappers of Sequelize (`parent`) and umzug (`cause`): the guard's own words win over the driver's. */
export function failureOf(error: unknown): Failure {
  const chain = causes(error);
  const root = chain.at(-1);
  const code = String(root?.code ?? '');
  const guardError = chain.find((one) => one instanceof FkGuardError);
  if (guardError) return { code, reason: guardError.message, advice: guardError.advice };
  // Node's AggregateError of a refused `localhost` (::1 and 127.0.0.1) has no message, only a code.
  return { code, reason: root === undefined ? String(error) : root.message || code };
}

/** By shape: errors of another realm (a `vm` context, a test runner) are no `instanceof Error`. */
interface ErrorLike {
  readonly message: string;
  readonly code?: unknown;
  readonly parent?: unknown;
  readonly cause?: unknown;
}

const isErrorLike = (value: unknown): value is ErrorLike =>
  typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';

function causes(error: unknown): readonly ErrorLike[] {
  const chain: ErrorLike[] = [];
  for (
    let current = error;
    isErrorLike(current) && !chain.includes(current);
    current = current.parent ?? current.cause
  ) {
    chain.push(current);
  }
  return chain;
}
