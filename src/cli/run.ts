import { jsonDocument, jsonText, type JsonBody, type JsonDocument } from '../report/json';
import { endLine } from '../report/ndjson';
import { asCancelled, untilCancelled } from './cancelling';
import { createDelivery, NOTHING_MADE, rootOf } from './delivery';
import { EXIT, exitCodeOfError } from './exit-codes';
import { describeError, errorText } from './failure';
import { SILENT, type Io } from './io';
import { createMask, type Mask } from './mask';
import { openGuard } from './open-guard';
import { originIn } from './origin';
import { printedConfig } from './print-config';
import { parseArguments, type Request } from './program';
import { reportEvents, reportProgress } from './progress';
import { reportStatements } from './statement-log';
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
    return fail(error, argv, masked, mask);
  }
}

async function execute(
  { command, flags, argument, more }: Exclude<Request, { readonly print: string }>,
  told: Io,
  mask: Mask,
): Promise<number> {
  // What is not read is not asked either.
  const io = flags.quiet ? { ...told, stderr: SILENT, interactive: false } : told;
  const delivery = createDelivery(command, flags, io, mask);
  let written = (): boolean => false;
  let close = (): Promise<void> => Promise.resolve();
  try {
    if ('alone' in command) {
      const result = await command.alone({ flags, io });
      delivery.result(result, NOTHING_MADE);
      return result.exitCode;
    }
    // A configuration may take its time, or for ever.
    const opened = await untilCancelled(openGuard(flags, io, mask), io.signal);
    close = opened.close;
    const { guard, quarantineSchema, sources, script } = opened;
    // What has been written is counted whether it is told or not.
    written = reportProgress(guard, flags.progress === false ? SILENT : io.stderr);
    if (flags.verbose) reportStatements(guard, io.stderr);
    reportEvents(guard, (name, what) => delivery.event(name, what));
    const result = flags.printConfig
      ? printedConfig(opened, flags, io.env)
      : await command.run({ guard, flags, argument, more, quarantineSchema, settings: opened, io });
    delivery.result(result, { origin: originIn(sources, rootOf(io)), script });
    return result.exitCode;
  } catch (caught) {
    const error = asCancelled(caught, command.name, written());
    told.stderr.write(errorText(error, flags.verbose ?? false));
    const code = exitCodeOfError(error, written());
    delivery.failure(errorBody(error, mask), code);
    return code;
  } finally {
    await close();
  }
}

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
