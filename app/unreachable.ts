import { failureOf } from './failure';

const NETWORK = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
];

/** SQLSTATE class 08, "too many connections" and "shutting down / starting up" (manual, appendix A). */
const NOT_NOW = /^(08...|53300|57P0[1-3])$/;

/** What the driver and the pool say without a code; a socket file is missing while its server is down. */
const WITHOUT_CODE =
  /^(connect ENOENT |Connection terminated|Connection timed out|Client has encountered a connection error|timeout expired|ResourceRequest timed out|Operation timeout)/;

/** True when there was no talking to the database: later it may go well, and a person has nothing to mend here. */
export function isUnreachable(error: unknown): boolean {
  const { code, reason } = failureOf(error);
  return NETWORK.includes(code) || NOT_NOW.test(code) || WITHOUT_CODE.test(reason);
}
