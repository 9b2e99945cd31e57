import { Command as Parser, CommanderError } from 'commander';
import { CliError } from './cli-error';
import type { Command } from './command';
import { COMMANDS } from './commands';
import { EXIT } from './exit-codes';
import { examplesText } from './examples';
import type { Flags } from './flags';
import { inOurWords } from './other-words';
import { tool } from './tool';

/** What the command line asked for: a command with its flags, or a text that was all that was wanted (help, version). */
export type Request =
  | {
      readonly command: Command;
      readonly flags: Flags;
      readonly argument: string | undefined;
      /** What is written behind it. */
      readonly more: readonly string[];
      readonly program: Parser;
    }
  | { readonly print: string };

/** Reads the command line. Throws `USAGE` (64) in the words of commander, with its "did you mean". */
export function parseArguments(argv: readonly string[]): Request {
  const printed: string[] = [];
  const words = inOurWords(argv);
  let request: Request | undefined;
  const program = createProgram(printed, (wanted) => (request = wanted));
  try {
    program.parse([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { print: printed.join('') };
    throw usage(error, printed.join(''), words);
  }
  return request ?? { print: printed.join('') };
}

function createProgram(printed: string[], wanted: (request: Request) => void): Parser {
  const program = new Parser('fk-guard')
    .description(
      'Finds orphaned rows and wrong foreign keys below Sequelize models, repairs them and proves the result.',
    )
    .version(tool.version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => printed.push(text), writeErr: (text) => printed.push(text) })
    .addHelpText('after', EPILOGUE);
  for (const command of COMMANDS) {
    const parser = program.command(command.name);
    command.define(parser);
    parser.addHelpText('after', examplesText(command.name));
    parser.action(() => {
      const [argument, ...more] = parser.args;
      wanted({ command, flags: parser.opts<Flags>(), argument, more, program });
    });
  }
  return program;
}

function usage(error: CommanderError, printed: string, argv: readonly string[]): CliError {
  if (error.code === 'commander.help')
    return new CliError('USAGE', EXIT.usage, 'A command is missing.', printed.trim());
  const [, message = error.message, suggestion = ''] =
    /^(?:error: )?(.*?)\s*(\(Did you mean .*\))?$/s.exec(error.message) ?? [];
  const command = COMMANDS.find(({ name }) => name === argv[0]);
  return new CliError(
    'USAGE',
    EXIT.usage,
    [message, suggestion].filter((part) => part !== '').join(' '),
    `See fk-guard ${command ? `${command.name} ` : ''}--help.`,
  );
}

const EPILOGUE = `
Where the models are:
  fk-guard.config.{ts,mts,cts,js,mjs,cjs,json} or package.json#fkGuard, searched from
  here upwards to the nearest package.json; without one, the models of .sequelizerc.
  It exports one of:
    { sequelize, options }            a Sequelize instance with its models
    async () => sequelize             a function that makes it
    { url, foreignKeys, options }     keys declared by hand, without Sequelize:
      foreignKeys: [{ child: 'public.orders(user_id)', parent: 'public.users(id)',
                      onDelete: 'CASCADE' }]
  options are those of installFkGuard; a flag wins over them. --print-config shows all.

Which database:
  --url, then FK_GUARD_DATABASE_URL, then the configuration, then DATABASE_URL.
  A Sequelize instance brings its own connection, which none of these can replace:
  --url is then refused (64), and so is another database in FK_GUARD_DATABASE_URL (78).
  Behind a pooler, --direct-url (FK_GUARD_DIRECT_URL, directUrl) leads to the same database past it.

Other words:
  analyse is check; --fix, --apply and --fix-constraints are apply;
  --force-fix is apply --force --yes --accept-data-loss.

Exit codes:
  0    healthy, everything applied, or nothing to do
  1    failed before anything was written
  2    check: findings at or above --fail-on, or nothing was examined;
       impact: there is no such row, or the answer leaves something open
  3    refused: stale plan, limit, policy, no consent; what could be repaired was;
       purge: copies that are old enough had to stay;
       impact: the database would refuse the delete
  4    stopped part way; run it again to go on
  64   wrong usage
  78   wrong configuration
  130  cancelled
`;
