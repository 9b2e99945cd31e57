import type { Report } from '../../outcome';
import { checkText } from '../../report/check-text';
import { reportBody } from '../../report/json';
import type { Command, Result } from '../command';
import { exitCodeOfReport, type FailOn } from '../exit-codes';
import { commonFlags, failOnFlag, policyFlags } from '../flags';

/** `fk-guard check`: read-only, the gate for a build. */
export const check: Command = {
  name: 'check',
  define(parser) {
    parser.description('look for orphaned rows and wrong foreign keys; writes nothing');
    policyFlags(failOnFlag(commonFlags(parser)));
  },
  run: async ({ guard, flags }) => reportResult(await guard.check(), flags.failOn),
};

/** The result of a look at the database, first or second. */
export const reportResult = (report: Report, failOn: FailOn = 'error'): Result => ({
  exitCode: exitCodeOfReport(report, failOn),
  text: (paint) => checkText(report, paint),
  body: reportBody(report),
});
