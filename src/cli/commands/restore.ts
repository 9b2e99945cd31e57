import { restoreBody } from '../../report/json';
import { restoreText } from '../../report/restore-text';
import { Option } from 'commander';
import type { Command } from '../command';
import { obtainSchemaConsent } from '../consent';
import { EXIT } from '../exit-codes';
import { commonFlags } from '../flags';
import { paintOn } from '../paint';

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
      .addOption(new Option('--dry-run', 'show what could be put back and stop').conflicts('yes'))
      .option('-y, --yes', 'with --schema: do not ask');
  },
  async run({ guard, flags, argument = '', io }) {
    const dryRun = flags.dryRun ?? false;
    const yes = flags.yes ?? false;
    if (flags.schema && !dryRun && !yes) {
      const shown = await guard.restore(argument, { dryRun: true, schema: true });
      if (shown.schema?.statements.length)
        io.stderr.write(`${restoreText(shown, true, paintOn(io.stderr, io, flags.color))}\n`);
      await obtainSchemaConsent(shown, { yes }, io);
    }
    const outcome = await guard.restore(argument, { dryRun, schema: flags.schema === true });
    const isWhole = outcome.failed.length === 0 && !outcome.schema?.open.length;
    return {
      exitCode: isWhole ? EXIT.ok : EXIT.refused,
      text: (paint) => restoreText(outcome, dryRun, paint),
      body: restoreBody(outcome, dryRun),
    };
  },
};
