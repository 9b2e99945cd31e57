import { resolve } from 'node:path';
import { CliError } from './cli-error';
import { EXIT } from './exit-codes';
import type { Flags } from './flags';
import { formatNamed, FORMATS, offers, type Format } from './formats';

/** One form of a result and where it goes: to a file, or to stdout. */
export interface Destination {
  readonly format: Format;
  readonly file: string | undefined;
}

/**
 * Where results go. `--format` goes to stdout, or to the file that `--output` names; `--output <format>=<file>` writes
 * one more, as often as wanted. A person at the terminal is told all the same: where another form goes to a file and
 * nothing goes to stdout, the text does. Throws `USAGE` for a form that the command cannot give.
 */
export function destinationsOf(
  command: string,
  { format, output = [] }: Pick<Flags, 'format' | 'output'>,
  cwd: string,
): readonly Destination[] {
  const main = wanted(command, format);
  const files = output.map((word) => destination(command, word, main, cwd));
  const plainFiles = files.filter(({ format: own }) => own === main);
  const toStdout =
    plainFiles.length === 0 ? main : main.name === 'text' ? undefined : wanted(command, 'text');
  const paths = files.map(({ file }) => file);
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice !== undefined) throw usage(`Two results would go to ${twice}.`, 'Name a file for each.');
  return [...(toStdout ? [{ format: toStdout, file: undefined }] : []), ...files];
}

/** `sarif=fk.sarif`, or a file for what `--format` says; a file whose name begins like that is `./sarif=…`. */
function destination(command: string, word: string, main: Format, cwd: string): Destination {
  const at = word.indexOf('=');
  const named = at < 0 ? undefined : formatNamed(word.slice(0, at));
  const file = named ? word.slice(at + 1) : word;
  if (file === '')
    throw usage(`--output ${word} names no file.`, 'Write --output <file> or <format>=<file>.');
  return { format: named ? wanted(command, named.name) : main, file: resolve(cwd, file) };
}

function wanted(command: string, name: string): Format {
  const format = formatNamed(name);
  if (format && offers(command, format)) return format;
  const can = FORMATS.filter((one) => offers(command, one)).map((one) => one.name);
  throw usage(`${command} has no ${name} format.`, `It has: ${can.join(', ')}.`);
}

const usage = (message: string, advice: string): CliError =>
  new CliError('USAGE', EXIT.usage, message, advice);
