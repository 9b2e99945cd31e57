import { Option, type Command } from 'commander';
import type { OnDeletePolicy, OrphanPolicy } from '../options';
import type { FailOn } from './exit-codes';
import { FORMAT_NAMES, type FormatName } from './formats';
import { collect, fraction, fromOne, lockDuration, someTime, wholeNumber } from './flag-values';

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
  readonly schema?: boolean;
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
  readonly color: boolean;
}

/** Where the models and the database are, and how results are written: every command has these. */
export function commonFlags(command: Command): Command {
  return command
    .optionsGroup('Where:')
    .option('-c, --config <file>', 'configuration file (default: fk-guard.config.* or package.json#fkGuard)')
    .addOption(
      new Option('-r, --require <module>', 'load a module first, such as ts-node/register').argParser(
        collect,
      ),
    )
    .option('--url <url>', 'connection string; for configurations that declare their keys by hand')
    .option('--direct-url <url>', 'the server itself, past a pooler; for what is written')
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
    .option('--verbose', 'show where errors come from')
    .option('--no-color', 'no colours');
}

/** What counts as wrong and how far a repair may go; they change findings and plans alike. */
export function policyFlags(command: Command): Command {
  return command
    .optionsGroup('Policy:')
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

/** How a run is paced; what it does not come to is for the next one. */
export const paceFlags = (command: Command): Command =>
  command
    .optionsGroup('Pace:')
    .addOption(
      new Option(
        '--max-run-time <duration>',
        'end after this time, such as 30m, and go on with the next run',
      ).argParser(someTime),
    )
    .addOption(
      new Option('--max-run-rows <n>', 'end when so many rows were removed or changed').argParser(fromOne),
    )
    .addOption(
      new Option('--max-lag <duration>', 'wait while a standby is further behind than this').argParser(
        someTime,
      ),
    )
    .option('--sentinel-file <file>', 'wait while this file exists');

const globs = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(collect);

const indexesFlag = (): Option =>
  new Option('--indexes <what>', 'build the indexes that keys lack, or only report them').choices([
    'create',
    'report',
  ]);
