import type { ErrorRequestHandler, Response } from 'express';
import { DatabaseError, UniqueConstraintError, ValidationError } from 'sequelize';
import { ValiError } from 'valibot';
import { isUnreachable } from './unreachable';

/** Turns what went wrong into an answer: the client's mistakes with their reason, ours without. */
export const answerErrors: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  // Too late: it was answered that the database is away.
  if (response.writableEnded) return;
  // Express closes the connection when an answer was already under way.
  if (response.headersSent) return next(error);
  if (isUnreachable(error)) return sayAway(response, 'The database is away');
  const { status, message } = answer(error);
  if (status === 500) console.error(error);
  response.status(status).json({ error: message });
};

/** "Come back later": the same words to everybody who cannot be served now. */
export function sayAway(response: Response, error: string): void {
  response.status(503).set('Retry-After', '5').json({ error });
}

function answer(error: unknown): { readonly status: number; readonly message: string } {
  if (error instanceof ValiError) return { status: 400, message: error.message };
  if (error instanceof UniqueConstraintError)
    return { status: 409, message: `Taken: ${Object.keys(error.fields).join(', ')}` };
  if (error instanceof ValidationError) return { status: 400, message: error.message };
  if (isForeignKeyRefusal(error)) return { status: 422, message: detailOf(error) };
  if (isClientError(error)) return { status: error.status, message: error.message };
  return { status: 500, message: 'Something went wrong' };
}

/** 23503, and since PostgreSQL 18 the 23001 of RESTRICT, which Sequelize 6 takes for any other error. */
const isForeignKeyRefusal = (error: unknown): error is DatabaseError =>
  error instanceof DatabaseError &&
  'code' in error.parent &&
  ['23503', '23001'].includes(String(error.parent.code));

/** PostgreSQL's own detail: `Key (userId)=(4) is not present in table "Users".` */
const detailOf = (error: DatabaseError): string =>
  'detail' in error.parent && typeof error.parent.detail === 'string' ? error.parent.detail : error.message;

/** What Express's body parser throws at malformed or oversized JSON. */
const isClientError = (error: unknown): error is Error & { readonly status: number } =>
  error instanceof Error &&
  'status' in error &&
  typeof error.status === 'number' &&
  error.status >= 400 &&
  error.status < 500;
