import { resolve } from 'node:path';
import type { Plan } from '../../outcome';
import { planBody } from '../../report/json';
import { planSql, planText } from '../../report/plan-text';
import type { Command, Result } from '../command';
import { EXIT } from '../exit-codes';
import { commonFlags, policyFlags, type Flags } from '../flags';
import { writePlanFile } from '../plan-file';

/** `fk-guard plan`: read-only, what `apply` would do. */
export const plan: Command = {
  name: 'plan',
  define(parser) {
    parser.description('show what apply would do, in order, with SQL, locks and rows; writes nothing');
    policyFlags(
      commonFlags(parser)
        .optionsGroup('Result:')
        .option('--out <file>', 'save the plan for fk-guard apply <file>')
        .option('--sql', 'the statements and nothing else')
        .option('--exit-code', 'exit with 2 when there is something to do'),
    );
  },
  async run({ guard, flags, io }) {
    const planned = await guard.plan();
    if (flags.out !== undefined) writePlanFile(resolve(io.cwd, flags.out), planned);
    return planResult(planned, flags);
  },
};

/** The result of `plan`, which is also that of `apply --dry-run`. */
export const planResult = (planned: Plan, flags: Pick<Flags, 'sql' | 'exitCode'>): Result => ({
  exitCode: planned.tenants?.some(({ error }) => error)
    ? EXIT.failed
    : flags.exitCode && planned.steps.length > 0
      ? EXIT.findings
      : EXIT.ok,
  text: (paint) => (flags.sql ? planSql(planned) : planText(planned, paint)),
  body: planBody(planned),
  planned,
});
