import { jsonDocument, jsonText, type JsonBody, type JsonDocument } from '../report/json';
import { endLine } from '../report/ndjson';
import { asCancelled, untilCancelled } from './cancelling';
import { createDelivery, NOTHING_MADE, rootOf } from './delivery';
import { EXIT, exitCodeOfError } from './exit-codes';
import { describeError, errorText } from './failure';
import type { Flags } from './flags';
import { SILENT, type Io, type Output } from './io';
import { createMask, type Mask } from './mask';
import { openGuard } from './open-guard';
import { originIn } from './origin';
import { printedConfig } from './print-config';
import { parseArguments, type Request } from './program';
import { reportEvents, reportProgress, type Progress } from './progress';
import { reportStatements } from './statement-log';
import { tool } from './tool';

/** The whole program: reads the command line, does it, writes the result, and returns the exit code. Never throws. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const mask = createMask();
  // What is wrong with a word is told with the word.
  for (const word of argv) mask.learn(word.replace(/^-[^=]*=/, ''));
  const masked: Io = { ...io, stderr: maskedOutput(io.stderr, mask) };
  try {
    const request = parseArguments(argv);
    if ('command' in request) return await execute(request, masked, mask);
    io.stdout.write(request.print);
    return EXIT.ok;
  } catch (error) {
    return fail(error, argv, masked, mask);
  }
}

async function execute(
  { command, flags, argument, more, program }: Exclude<Request, { readonly print: string }>,
  told: Io,
  mask: Mask,
): Promise<number> {
  // What is not read is not asked either.
  const io = flags.quiet ? { ...told, stderr: SILENT, interactive: false } : told;
  const delivery = createDelivery(command, flags, io, mask);
  let progress: Progress = { written: () => false, end: () => undefined };
  let close = (): Promise<void> => Promise.resolve();
  try {
    if ('alone' in command) {
      const result = await command.alone({ flags, argument, io, program });
      await delivery.result(result, NOTHING_MADE);
      return result.exitCode;
    }
    // A configuration may take its time, or for ever.
    const opened = await untilCancelled(openGuard(flags, io, mask), io.signal);
    close = opened.close;
    const { guard, quarantineSchema, sources, script } = opened;
    // What has been written is counted whether it is told or not.
    progress = reportProgress(guard, flags.progress === false ? SILENT : progressOn(io.stderr, flags));
    if (flags.verbose) reportStatements(guard, io.stderr);
    reportEvents(guard, (name, what) => delivery.event(name, what));
    const result = flags.printConfig
      ? printedConfig(opened, flags, io.env)
      : await command.run({ guard, flags, argument, more, quarantineSchema, settings: opened, io });
    progress.end();
    await delivery.result(result, { origin: originIn(sources, rootOf(io)), script });
    return result.exitCode;
  } catch (caught) {
    progress.end();
    const error = asCancelled(caught, command.name, progress.written());
    told.stderr.write(errorText(error, flags.verbose ?? false));
    const code = exitCodeOfError(error, progress.written());
    await delivery.failure(errorBody(error, mask), code);
    return code;
  } finally {
    progress.end();
    await close();
  }
}

const maskedOutput = (output: Output, mask: Mask): Output => ({
  write: (text) => output.write(mask(text)),
  colours: output.colours,
  get columns() {
    return output.columns;
  },
});

/** Between the lines of `--verbose` no line can be rewritten. */
const progressOn = (stderr: Output, { verbose }: Flags): Output =>
  verbose ? { write: (text) => stderr.write(text), colours: stderr.colours } : stderr;

/** Errors go to stderr; who asked for a document also gets them as one, even when the flags were wrong. */
function fail(error: unknown, argv: readonly string[], io: Io, mask: Mask): number {
  io.stderr.write(errorText(error, argv.includes('--verbose')));
  const exitCode = exitCodeOfError(error, false);
  const write = documentFormat(argv);
  if (write) {
    const command = argv.find((word) => !word.startsWith('-')) ?? '';
    const facts = { startedAt: new Date().toISOString(), durationMs: 0, exitCode };
    io.stdout.write(write(jsonDocument(command, tool, errorBody(error, mask), facts)));
  }
  return exitCode;
}

function errorBody(error: unknown, mask: Mask): JsonBody {
  const { code, message, advice } = describeError(error);
  return { errors: [{ code, message: mask(message), advice: mask(advice) }] };
}

function documentFormat(argv: readonly string[]): ((document: JsonDocument) => string) | undefined {
  const asks = (name: string): boolean =>
    argv.some((word, i) => word === `--format=${name}` || (word === '--format' && argv[i + 1] === name));
  return asks('json') ? jsonText : asks('ndjson') ? endLine : undefined;
}
