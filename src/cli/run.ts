import { resolve } from 'node:path';
import { jsonText } from '../report/json';
import { CliError } from './cli-error';
import type { Command, Result } from './command';
import { EXIT, exitCodeOfError } from './exit-codes';
import { describeError, errorText } from './failure';
import type { Flags } from './flags';
import type { Io } from './io';
import { createMask, type Mask } from './mask';
import { openGuard } from './open-guard';
import { paintFor } from './paint';
import { writeResultFile } from './plan-file';
import { parseArguments, type Request } from './program';
import { reportProgress } from './progress';
import { tool } from './tool';

/** The whole program: reads the command line, does it, writes the result, and returns the exit code. Never throws. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const mask = createMask();
  // What is wrong with a word is told with the word.
  for (const word of argv) mask.learn(word.replace(/^-[^=]*=/, ''));
  const masked: Io = { ...io, stderr: { ...io.stderr, write: (text) => io.stderr.write(mask(text)) } };
  try {
    const request = parseArguments(argv);
    if ('command' in request) return await execute(request, masked, mask);
    io.stdout.write(request.print);
    return EXIT.ok;
  } catch (error) {
    return fail(error, argv, false, masked, mask);
  }
}

async function execute(
  { command, flags, argument, more }: Exclude<Request, { readonly print: string }>,
  io: Io,
  mask: Mask,
): Promise<number> {
  let written = (): boolean => false;
  let close = (): Promise<void> => Promise.resolve();
  try {
    const opened = await openGuard(flags, io, mask);
    close = opened.close;
    written = reportProgress(opened.guard, io.stderr);
    const { guard, quarantineSchema } = opened;
    const result = await command.run({ guard, flags, argument, more, quarantineSchema, io });
    render(command, result, flags, io, mask);
    return result.exitCode;
  } catch (error) {
    return fail(
      error,
      [command.name, '--format', flags.format, ...(flags.verbose ? ['--verbose'] : [])],
      written(),
      io,
      mask,
    );
  } finally {
    await close();
  }
}

function render(command: Command, result: Result, flags: Flags, io: Io, mask: Mask): void {
  const toFile = flags.output !== undefined;
  const paint = paintFor(flags.color && !toFile && io.stdout.colours);
  const text = mask.form(
    flags.format === 'json' ? jsonText(command.name, tool, result.body) : result.text(paint),
  );
  if (flags.output === undefined) io.stdout.write(text);
  else writeResultFile(resolve(io.cwd, flags.output), text);
}

/** Errors go to stderr; who asked for JSON also gets them as the one document, even when the flags were wrong. */
function fail(error: unknown, argv: readonly string[], written: boolean, io: Io, mask: Mask): number {
  const verbose = argv.includes('--verbose');
  io.stderr.write(errorText(error, verbose));
  if (wantsJson(argv)) {
    const { code, message, advice } = describeError(error);
    const command = argv.find((word) => !word.startsWith('-')) ?? '';
    io.stdout.write(
      jsonText(command, tool, { errors: [{ code, message: mask(message), advice: mask(advice) }] }),
    );
  }
  return error instanceof CliError ? error.exitCode : exitCodeOfError(error, written);
}

const wantsJson = (argv: readonly string[]): boolean =>
  argv.some((word, index) => word === '--format=json' || (word === '--format' && argv[index + 1] === 'json'));
