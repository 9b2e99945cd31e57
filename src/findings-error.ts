import { FkGuardError } from './errors';

/** The error of `onFindings: 'throw'`. */
export const findingsError = (messages: readonly string[]): FkGuardError =>
  new FkGuardError('FINDINGS', `The database does not keep what the models promise: ${messages.join(' ')}`, 'Run `npx fk-guard check` for the details.');
