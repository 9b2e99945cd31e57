import { Option, type Command } from 'commander';
import type { OnDeletePolicy, OrphanPolicy } from '../options';
import type { FailOn } from './exit-codes';
import { FORMAT_NAMES, type FormatName } from './formats';
import { collect, fraction, lockDuration, wholeNumber } from './flag-values';

/** What was written on the command line; a flag that a command does not have is never there. */
export interface Flags {
  readonly config?: string;
  readonly require?: readonly string[];
  readonly url?: string;
  readonly directUrl?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly onDelete?: OnDeletePolicy;
  readonly onOrphan?: OrphanPolicy;
  readonly maxRows?: number;
  readonly maxFraction?: number;
  readonly force?: boolean;
  readonly lockTimeout?: string;
  readonly maxRunTime?: string;
  readonly maxRunRows?: number;
  readonly maxLag?: string;
  readonly sentinelFile?: string;
  readonly indexes?: 'create' | 'report';
  readonly deep?: boolean;
  readonly sampleKeys?: number;
  readonly failOn?: FailOn;
  readonly exitCode?: boolean;
  readonly out?: string;
  readonly sql?: boolean;
  readonly olderThan?: string;
  readonly runs?: number;
  /** Of `restore` whether it takes back the schema too; elsewhere the schemas to look at. */
  readonly schema?: boolean | readonly string[];
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly acceptDataLoss?: boolean;
  readonly format: FormatName;
  readonly output?: readonly string[];
  readonly baseline?: string;
  readonly writeBaseline?: boolean;
  readonly because?: string;
  /** False under `--no-annotations`; a command that has none of them has no such flag. */
  readonly annotations?: boolean;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
  readonly printConfig?: boolean;
  /** Of `migration`: a saved plan. */
  readonly plan?: string;
  /** Of `init`: whether a workflow is written too. */
  readonly ci?: boolean;
  /** False under `--no-progress`. */
  readonly progress?: boolean;
  readonly color: boolean;
}

/** Where the models and the database are, and how results are written: every command that looks at them has these. */
export const commonFlags = (command: Command): Command =>
  outputFlags(
    command
      .optionsGroup('Where:')
      .option(
        '-c, --config <file>',
        'configuration file (default: fk-guard.config.*, package.json#fkGuard or .sequelizerc)',
      )
      .addOption(
        new Option('-r, --require <module>', 'load a module first, such as ts-node/register').argParser(
          collect,
        ),
      )
      .option('--url <url>', 'connection string; for configurations that declare their keys by hand')
      .option('--direct-url <url>', 'the server itself, past a pooler; for what is written')
      .option('--print-config', 'show what holds and where it comes from, without secrets, and stop'),
  );

/** How results are written: every command has these. */
export const outputFlags = (command: Command): Command =>
  command
    .optionsGroup('Output:')
    .addOption(
      new Option('--format <format>', 'how the result is written').choices(FORMAT_NAMES).default('text'),
    )
    .addOption(
      new Option(
        '-o, --output <file>',
        'write the result to a file; <format>=<file> writes one more form; may be repeated',
      ).argParser(collect),
    )
    .option('--verbose', 'show every SQL statement with its time, and where errors come from')
    .addOption(
      new Option('-q, --quiet', 'nothing on stderr but errors; nothing is asked').conflicts('verbose'),
    )
    .option('--no-progress', 'say nothing of the steps while they run')
    .option('--no-color', 'no colours');

/** What counts as wrong and how far a repair may go; they change findings and plans alike. */
export function policyFlags(command: Command): Command {
  return command
    .optionsGroup('Policy:')
    .addOption(
      globs('--schema <glob>', "look at this schema's tables only; may be repeated").conflicts('include'),
    )
    .addOption(globs('--include <glob>', 'look at this model or table only; may be repeated'))
    .addOption(globs('--exclude <glob>', 'leave a model or table alone; may be repeated'))
    .addOption(
      new Option('--on-delete <policy>', 'whose ON DELETE is enforced').choices([
        'explicit',
        'models',
        'CASCADE',
      ]),
    )
    .addOption(
      new Option('--on-orphan <policy>', 'what happens to orphaned rows').choices([
        'auto',
        'delete',
        'nullify',
        'keep',
      ]),
    )
    .addOption(
      new Option('--max-rows <n>', 'rows of a table that may go whatever their share').argParser(wholeNumber),
    )
    .addOption(
      new Option('--max-fraction <share>', 'share of a table that may go, from 0 to 1').argParser(fraction),
    )
    .addOption(new Option('--force', 'lift both limits').conflicts(['maxRows', 'maxFraction']))
    .addOption(
      new Option(
        '--lock-timeout <duration>',
        'how long one try may wait for a lock, such as 100ms',
      ).argParser(lockDuration),
    )
    .addOption(indexesFlag())
    .option('--deep', 'also count orphans below keys that the catalog calls valid')
    .addOption(new Option('--sample-keys <n>', 'show this many keys of orphans').argParser(wholeNumber));
}

const globs = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(collect);

const indexesFlag = (): Option =>
  new Option('--indexes <what>', 'build the indexes that keys lack, or only report them').choices([
    'create',
    'report',
  ]);
