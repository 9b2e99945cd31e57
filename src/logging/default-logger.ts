import { debuglog } from 'node:util';
import { emitWarning } from '../host';
import type { Logger } from '../options';

const debug = debuglog('fk-guard');

/**
 * What is used without a `logger` option: progress only under NODE_DEBUG=fk-guard, warnings and errors as process
 * warnings, so that nothing that matters is ever silent.
 */
export const defaultLogger: Logger = {
  debug: (message) => debug('%s', message),
  info: (message) => debug('%s', message),
  warn: emitWarning,
  error: emitWarning,
};
