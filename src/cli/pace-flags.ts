import { Option, type Command } from 'commander';
import { fromOne, someTime } from './flag-values';

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
