import { Option, type Command } from 'commander';

/** When `check` and `verify` fail. */
export const failOnFlag = (command: Command): Command =>
  command
    .optionsGroup('Result:')
    .addOption(
      new Option('--fail-on <severity>', 'exit with 2 at findings from here upwards')
        .choices(['error', 'warning', 'never'])
        .default('error'),
    );

/** What has been looked at already, and how a build shows what is new. */
export const baselineFlags = (command: Command): Command =>
  command
    .optionsGroup('Result:')
    .option('--baseline <file>', 'findings that are accepted for now; only new and worse ones count')
    .option('--write-baseline', 'accept what is found now: write it to the file of --baseline')
    .option('--because <reason>', 'why the findings that --write-baseline adds may stay')
    .option('--no-annotations', 'under GITHUB_ACTIONS: text alone, without annotations');
