import type { Impact } from '../../runtime/impact/impact';
import { impactText } from '../../report/impact-text';
import { impactBody } from '../../report/json';
import { CliError } from '../cli-error';
import type { Command } from '../command';
import { EXIT, type ExitCode } from '../exit-codes';
import { commonFlags } from '../flags';

/** `fk-guard impact`: read-only, what one delete would take along. */
export const impact: Command = {
  name: 'impact',
  define(parser) {
    parser
      .description(
        'show what ONE delete of a row would take along, by the actual foreign keys; writes nothing',
      )
      .argument('<model>', 'a model, or a table as schema.table')
      .argument(
        '<key>',
        'its primary key: 7, a uuid, or {"a": 1, "b": 2}; write -- before one that begins with -',
      );
    commonFlags(parser);
  },
  async run({ guard, argument = '', more: [key = ''] }) {
    const found = await guard.impact(argument, keyOf(key));
    return {
      exitCode: exitCodeOf(found),
      text: (paint) => impactText(found, paint),
      body: impactBody(found),
    };
  },
};

/** Zero only where it is certain that the delete goes through. */
function exitCodeOf({ found, verdict }: Impact): ExitCode {
  if (!found || verdict === 'unknown') return EXIT.findings;
  return verdict === 'blocked' ? EXIT.refused : EXIT.ok;
}

/** What begins like an object is one; everything else is a value, as it is written. */
function keyOf(text: string): unknown {
  if (!text.trimStart().startsWith('{')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new CliError(
      'USAGE',
      EXIT.usage,
      `The key ${text} is no JSON.`,
      `Write it as '{"column": value, "other": value}', in quotes for the shell.`,
    );
  }
}
