import { resolve } from 'node:path';
import type { Report } from '../../outcome';
import { headline } from '../../report/check-text';
import type { Looked } from '../../report/html/report-data';
import { reportBody } from '../../report/json';
import { document } from '../../report/layout';
import { withoutKeys } from '../../report/without-keys';
import { visible, visibleIn } from '../../visible';
import type { Command } from '../command';
import { EXIT, exitCodeOfReport, type ExitCode, type FailOn } from '../exit-codes';
import { commonFlags, policyFlags } from '../flags';
import { failOnFlag } from '../gate-flags';

const FILE = 'fk-guard.html';

/** `fk-guard report`: read-only, one HTML file with all that `check`, `plan` and `status` know. */
export const report: Command = {
  name: 'report',
  define(parser) {
    parser.description('write what is wrong, the plan and the last runs as one HTML file; changes nothing');
    policyFlags(
      failOnFlag(commonFlags(parser), 'never').option(
        '--out <file>',
        `where the page goes; - is stdout (default: ${FILE})`,
      ),
    );
  },
  outputs({ format, output = [], out }) {
    const toStdout = out === '-' || (format === 'html' && out === undefined);
    return toStdout ? { format: 'html', output } : { format, output: [...output, `html=${out ?? FILE}`] };
  },
  async run({ guard, flags, io }) {
    const found = await guard.check();
    const [plan, status] = [await guard.plan(), await guard.status()];
    const shown =
      flags.sampleKeys === undefined ? { ...found, findings: found.findings.map(withoutKeys) } : found;
    return {
      exitCode: exitCode({ report: shown, status }, flags.failOn ?? 'never'),
      looked: { report: shown, plan, status },
      text: (paint) =>
        document([
          headline(visibleIn(shown), false, paint),
          `The report is in ${visible(resolve(io.cwd, flags.out ?? FILE))}.`,
        ]),
      body: reportBody(shown),
    };
  },
};

/** What could not be read was asked for: that is no success. */
function exitCode({ report, status }: { readonly report: Report } & Looked, failOn: FailOn): ExitCode {
  return status?.ledger.error ? EXIT.failed : exitCodeOfReport(report, failOn);
}
