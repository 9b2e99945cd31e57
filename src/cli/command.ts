import type { Command as Parser } from 'commander';
import type { FkGuard } from '../guard';
import type { Plan } from '../outcome';
import type { JsonBody } from '../report/json';
import type { Looked } from '../report/html/report-data';
import type { Checked } from './checked';
import type { Paint } from '../report/paint';
import type { ExitCode } from './exit-codes';
import type { Flags } from './flags';
import type { Io } from './io';
import type { Opened } from './open-guard';

/** What a command is given: a guard that is ready, and what was written on the command line. */
export interface Context {
  readonly guard: FkGuard;
  readonly flags: Flags;
  /** The positional argument, when the command takes one. */
  readonly argument: string | undefined;
  /** Positional arguments behind it. */
  readonly more: readonly string[];
  /** The schema with the copies of removed rows; absent when the configuration keeps none. */
  readonly quarantineSchema: string | undefined;
  /** What the guard was made from. */
  readonly settings: Pick<Opened, 'config' | 'options'>;
  readonly io: Io;
}

/** What a command came to; it is written by the caller, so that no command knows formats or files. */
export interface Result {
  readonly exitCode: ExitCode;
  text(paint: Paint): string;
  readonly body: JsonBody;
  /** What the formats show that are made of findings. */
  readonly checked?: Checked;
  /** What the formats show that are made of a plan. */
  readonly planned?: Plan;
  /** What the page shows beyond findings. */
  readonly looked?: Looked;
}

/** What a command is given that makes no guard. */
export interface Alone extends Pick<Context, 'flags' | 'argument' | 'io'> {
  /** The whole command line's. */
  readonly program: Parser;
}

/** One command of the command line. */
export type Command = {
  readonly name: string;
  /** Adds description, arguments and flags. */
  define(parser: Parser): void;
  /** Where the result goes, when flags of the command's own say so; otherwise `--format` and `--output` do. */
  outputs?(flags: Flags): Pick<Flags, 'format' | 'output'>;
} & (
  | { run(context: Context): Promise<Result> }
  /** A command that needs neither models nor a database. */
  | { alone(context: Alone): Promise<Result> }
);
