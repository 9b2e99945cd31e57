import type { Report } from '../../outcome';
import { baselineLines } from '../../report/baseline-text';
import { checkText } from '../../report/check-text';
import { reportBody } from '../../report/json';
import { baselineFor } from '../baseline-file';
import { checkedBy } from '../checked';
import type { Command, Context, Result } from '../command';
import { exitCodeOfReport } from '../exit-codes';
import { commonFlags, policyFlags } from '../flags';
import { baselineFlags, failOnFlag } from '../gate-flags';

/** `fk-guard check`: read-only, the gate for a build. */
export const check: Command = {
  name: 'check',
  define(parser) {
    parser.description('look for orphaned rows and wrong foreign keys; writes nothing');
    policyFlags(baselineFlags(failOnFlag(commonFlags(parser))));
  },
  run: (context) => judged(context, () => context.guard.check()),
};

/** A look at the database, first or second, judged beside the baseline. Whatever is wrong with that is told before. */
export async function judged(
  { flags, io }: Pick<Context, 'flags' | 'io'>,
  look: () => Promise<Report>,
): Promise<Result> {
  const baseline = baselineFor(flags, io);
  const report = await look();
  const checked = checkedBy(report, baseline.after(report));
  const { accepted, worse, vanished } = checked.baseline ?? {};
  return {
    exitCode: exitCodeOfReport({ ...report, findings: checked.fresh }, flags.failOn ?? 'error'),
    checked,
    text: (paint) =>
      checkText({ ...report, findings: checked.fresh }, paint, baselineLines(checked.baseline)),
    body: {
      ...reportBody({ ...report, findings: checked.fresh }),
      ...(accepted && {
        baseline: { accepted, worse: worse?.map(({ finding, why }) => ({ id: finding.id, why })), vanished },
      }),
    },
  };
}
