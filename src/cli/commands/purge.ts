import { Option } from 'commander';
import type { PurgeOutcome } from '../../quarantine-outcome';
import { purgeBody } from '../../report/json';
import { purgeText } from '../../report/purge-text';
import type { Command, Result } from '../command';
import { obtainPurgeConsent } from '../consent';
import { EXIT } from '../exit-codes';
import { age } from '../flag-values';
import { commonFlags } from '../flags';
import { paintOn } from '../paint';

/** `fk-guard purge`: old copies go for good, after a person has seen which. */
export const purge: Command = {
  name: 'purge',
  define(parser) {
    parser.description('remove old copies from the quarantine for good: show, ask, remove');
    commonFlags(
      parser
        .optionsGroup('What:')
        .addOption(
          new Option('--older-than <duration>', 'runs whose last copy is older than this, such as 30d')
            .argParser(age)
            .makeOptionMandatory(),
        ),
    )
      .optionsGroup('Consent:')
      .addOption(new Option('--dry-run', 'show what would go and stop').conflicts('yes'))
      .option('-y, --yes', 'do not ask; needs --accept-data-loss too')
      .option('--accept-data-loss', 'with --yes: also copies of rows that were not put back');
  },
  async run({ guard, flags, io }) {
    const { olderThan = '' } = flags;
    const shown = await guard.purge({ olderThan, dryRun: true });
    if (flags.dryRun || shown.rows === 0) return purgeResult(shown, flags.dryRun ? 'dry run' : 'done');
    io.stderr.write(`${purgeText(shown, false, paintOn(io.stderr, io, flags.color))}\n`);
    const given = { yes: flags.yes ?? false, acceptDataLoss: flags.acceptDataLoss ?? false };
    await obtainPurgeConsent(shown, given, io);
    // What has grown old enough since was not shown.
    const runs = shown.runs.map(({ runId }) => runId);
    return purgeResult(await guard.purge({ olderThan, runs }), 'done');
  },
};

const purgeResult = (outcome: PurgeOutcome, what: 'done' | 'dry run'): Result => ({
  exitCode: what === 'done' && outcome.kept.length > 0 ? EXIT.refused : EXIT.ok,
  text: (paint) => purgeText(outcome, what === 'done', paint),
  body: purgeBody(outcome, what === 'dry run'),
});
