import { Option } from 'commander';
import { statusBody } from '../../report/json';
import { statusText } from '../../report/status-text';
import type { Command } from '../command';
import { EXIT } from '../exit-codes';
import { wholeNumber } from '../flag-values';
import { commonFlags } from '../flags';

/** `fk-guard status`: read-only, what was done here and what is left of it. */
export const status: Command = {
  name: 'status',
  define(parser) {
    parser.description('show runs, keys that are NOT VALID, and what the quarantine holds; writes nothing');
    commonFlags(parser)
      .optionsGroup('Result:')
      .addOption(
        new Option(
          '--runs <n>',
          'list this many runs, and all that still have copies (default: 10)',
        ).argParser(wholeNumber),
      );
  },
  async run({ guard, flags }) {
    const found = await guard.status(flags.runs === undefined ? {} : { runs: flags.runs });
    return {
      // What could not be read was asked for: that is no success.
      exitCode: found.ledger.error ? EXIT.failed : EXIT.ok,
      text: (paint) => statusText(found, paint),
      body: statusBody(found),
    };
  },
};
