import { FkGuardError, wireError } from '../../errors';
import type { Health } from './health';

type NoLook = Required<Pick<Health, 'status' | 'error'>>;

/** too_many_connections (manual, appendix A): the server answers, and the application's own pool may be fine. */
const FULL = '53300';

/**
 * What it means that there was no look. A server's or a driver's own words may name a host or a user, and a health check
 * goes out over the network: only their code is told.
 */
export function noLook(error: unknown): NoLook {
  const { code } = wireError(error);
  const behind = code === undefined ? '' : ` (${code})`;
  if (!(error instanceof FkGuardError))
    return {
      status: 'warn',
      error: {
        code: 'SQL',
        message: `The database answers, but it could not be looked at${behind}.`,
        advice: 'Run `npx fk-guard check` for the details.',
      },
    };
  if (error.code !== 'CONNECTION')
    return { status: 'warn', error: { code: error.code, message: error.message, advice: error.advice } };
  return {
    status: code === FULL ? 'warn' : 'fail',
    error: {
      code: 'CONNECTION',
      message:
        code === FULL
          ? `The database has no free connection${behind}.`
          : `The database does not answer${behind}.`,
      advice:
        code === FULL
          ? 'Raise max_connections, or make the pools smaller.'
          : 'Check that the server is running.',
    },
  };
}
