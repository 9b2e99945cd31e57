/**
 * The process that the library lives in. This is the one place outside of the command line that looks at it:
 * `FK_GUARD_MODE` has to win over an application's code, and what matters must not be silent without a logger.
 */
export const environment = (): Readonly<Record<string, string | undefined>> => process.env;

/** Shows up on stderr unless the application listens for `warning`. */
export const emitWarning = (message: string): void => process.emitWarning(message, 'FkGuardWarning');
