import { restoreBody } from '../../report/json';
import { restoreText } from '../../report/restore-text';
import type { Command } from '../command';
import { EXIT } from '../exit-codes';
import { commonFlags } from '../flags';

/** `fk-guard restore`: the rows of one run, put back from the quarantine. */
export const restore: Command = {
  name: 'restore',
  define(parser) {
    parser
      .description('put the rows that a run removed or changed back')
      .argument('<run-id>', 'the run, as apply named it');
    commonFlags(parser)
      .optionsGroup('What:')
      .option('--schema', 'first take back what the run has done to keys and types, which may keep rows out')
      .optionsGroup('Consent:')
      .option('--dry-run', 'show what could be put back and stop');
  },
  async run({ guard, flags, argument = '' }) {
    const dryRun = flags.dryRun ?? false;
    const outcome = await guard.restore(argument, { dryRun, schema: flags.schema ?? false });
    const isWhole = outcome.failed.length === 0 && !outcome.schema?.open.length;
    return {
      exitCode: isWhole ? EXIT.ok : EXIT.refused,
      text: (paint) => restoreText(outcome, dryRun, paint),
      body: restoreBody(outcome, dryRun),
    };
  },
};
