import type { ExitCode } from './exit-codes';

/** What ends a command although neither the database nor the library failed. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    readonly code: 'USAGE' | 'CONSENT' | 'CANCELLED' | 'OUTPUT' | 'REFUSED',
    readonly exitCode: ExitCode,
    message: string,
    readonly advice: string,
  ) {
    super(message);
  }
}
