import { FkGuardError, wireError } from './errors';

/** The error for a server that lets nobody in. */
export function connectionError(label: string, error: unknown): FkGuardError {
  const { code, message } = wireError(error);
  return new FkGuardError(
    'CONNECTION',
    `Cannot connect to ${label}: ${message}`,
    connectionAdvice(code),
    error,
  );
}

/** connection_exception, admin_shutdown, crash_shutdown (manual, appendix A): the client may hear of the end only later. */
export function endsConnection(error: unknown): boolean {
  const { code = '' } = wireError(error);
  return code.startsWith('08') || code === '57P01' || code === '57P02';
}

/** The error for a connection that has ended by itself. */
export const lostConnection = (label: string, error: unknown): FkGuardError =>
  new FkGuardError(
    'CONNECTION',
    `The connection to ${label} was lost: ${wireError(error).message}`,
    'Look why it ended and run again: what is done stays done. Behind a pooler the guard needs two of its connections, or directUrl.',
    error,
  );

/** Advice by SQLSTATE (manual, appendix A) or by Node's error code. */
function connectionAdvice(code: string | undefined): string {
  if (code === '28P01' || code === '28000') return 'Check the user name and the password.';
  if (code === '3D000') return 'Create the database, or correct its name.';
  if (code === '53300') return 'The server has no free connection; the guard needs two of its own.';
  return 'Check that the server is running, and that host, port, user name and password are right.';
}
