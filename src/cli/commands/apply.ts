import { Option } from 'commander';
import { resolve } from 'node:path';
import { outcomeBody } from '../../report/json';
import { outcomeText } from '../../report/outcome-text';
import { planText } from '../../report/plan-text';
import { cancelledRun, isCancelled } from '../cancelling';
import type { Command } from '../command';
import { obtainConsent } from '../consent';
import { EXIT, exitCodeOfOutcome } from '../exit-codes';
import { commonFlags, policyFlags } from '../flags';
import { paceFlags } from '../pace-flags';
import { paintOn } from '../paint';
import { readPlanFile } from '../plan-file';
import { planResult } from './plan';

/** `fk-guard apply`: plan, show, ask, apply; with a saved plan exactly that one. */
export const apply: Command = {
  name: 'apply',
  define(parser) {
    parser.description('repair: plan, show, ask, apply; with a file exactly that plan or refuse');
    parser.argument('[plan.json]', 'a plan saved by fk-guard plan --out');
    paceFlags(
      policyFlags(
        commonFlags(parser)
          .optionsGroup('Consent:')
          .addOption(new Option('--dry-run', 'show the plan and stop').conflicts('yes'))
          .option('-y, --yes', 'do not ask')
          .option('--accept-data-loss', 'with --yes: also when rows are removed or changed'),
      ),
    );
  },
  async run({ guard, flags, argument, quarantineSchema, io }) {
    const saved = argument === undefined ? undefined : readPlanFile(resolve(io.cwd, argument));
    const plan = saved ?? (await guard.plan());
    if (flags.dryRun) return planResult(plan, flags);
    if (plan.steps.length > 0) io.stderr.write(`${planText(plan, paintOn(io.stderr, io, flags.color))}\n`);
    const given = {
      yes: flags.yes ?? false,
      acceptDataLoss: flags.acceptDataLoss ?? false,
      reviewed: saved !== undefined,
    };
    await obtainConsent(plan, given, io);
    // Who agreed to everything beforehand gets it all; who was asked gets exactly what was shown.
    const everything = saved === undefined && given.yes && given.acceptDataLoss;
    const outcome = await (everything ? guard.apply() : guard.apply(plan));
    const cancelled = isCancelled(outcome, io.signal);
    if (cancelled) io.stderr.write(cancelledRun(outcome));
    return {
      exitCode: cancelled ? EXIT.cancelled : exitCodeOfOutcome(outcome),
      text: (paint) => outcomeText(outcome, quarantineSchema, paint),
      body: outcomeBody(outcome, plan.database),
    };
  },
};
