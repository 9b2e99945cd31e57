import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { jsonDocument, type JsonBody } from '../report/json';
import { githubText, withoutCommands } from '../report/github';
import { eventLine, startLine } from '../report/ndjson';
import type { Origin } from '../report/origin';
import type { Command, Result } from './command';
import type { Flags } from './flags';
import type { Material } from './formats';
import type { Io } from './io';
import type { Mask } from './mask';
import { destinationsOf, type Destination } from './outputs';
import { paintFor, paintOn } from './paint';
import { assertWritable, PRIVATE, SHARED, writeResultFile } from './result-file';
import { tool } from './tool';

/** What forms of a result need to know of the configuration. */
export type Made = Pick<Material, 'origin' | 'script'>;

/** Brings one command's result to where it was asked for, in the forms that were asked for. */
export interface Delivery {
  /** One line of `ndjson`; nothing where nobody reads it. */
  event(name: string, what: object): void;
  result(result: Result, made: Made): Promise<void>;
  /** The document of a command that failed, for who reads documents on stdout. */
  failure(body: JsonBody, exitCode: number): Promise<void>;
}

/** Throws `USAGE` for forms that the command does not have, and `OUTPUT` for files that cannot be written. */
export function createDelivery(command: Command, flags: Flags, io: Io, mask: Mask): Delivery {
  const destinations = destinationsOf(command.name, command.outputs?.(flags) ?? flags, io.cwd);
  for (const { file } of destinations) if (file !== undefined) assertWritable(file);
  const started = new Date();
  const document = (body: JsonBody, exitCode: number) =>
    jsonDocument(command.name, tool, body, {
      startedAt: started.toISOString(),
      durationMs: Math.max(0, Date.now() - started.getTime()),
      exitCode,
    });
  const lines = streams(destinations, io, mask);
  lines.put(startLine(command.name, tool, started.toISOString()));
  return {
    event: (name, what) => lines.put(eventLine(name, new Date().toISOString(), what)),
    async result(result, { origin, script }) {
      const paint = paintOn(io.stdout, io, flags.color);
      for (const destination of destinations) {
        const toFile = destination.file !== undefined;
        const material = { result, origin, script, document: document(result.body, result.exitCode) };
        const text = mask.form(
          await destination.format.write({ ...material, paint: toFile ? paintFor(false) : paint }),
        );
        if (destination.file !== undefined)
          writeResultFile(
            destination.file,
            lines.before(destination) + text,
            destination.format.published ? SHARED : PRIVATE,
          );
        else if (destination.format.name === 'text' && underActions(io))
          io.stdout.write(onActions(result, text, flags, origin));
        else io.stdout.write(text);
      }
    },
    async failure(body, exitCode) {
      const main = destinations.find(({ file }) => file === undefined)?.format;
      if (main && (main.name === 'json' || main.streamed))
        io.stdout.write(await main.write(bare(document(body, exitCode))));
    },
  };
}

/** Where there is no guard that anything could have been made with. */
export const NOTHING_MADE: Made = {
  origin: () => undefined,
  script: { tool, runId: '', schema: '', keepsRows: false, lockTimeoutMs: 0 },
};

/** What a document alone is written from: there is no result. */
const bare = (document: ReturnType<typeof jsonDocument>) => ({
  ...NOTHING_MADE,
  document,
  result: { exitCode: 1 as const, text: () => '', body: {} },
  paint: paintFor(false),
});

/** The lines that come while a command runs: to stdout at once, to files with the last one. */
function streams(destinations: readonly Destination[], io: Io, mask: Mask) {
  const streamed = destinations.filter(({ format }) => format.streamed);
  const direct = streamed.some(({ file }) => file === undefined);
  let kept = '';
  return {
    put(line: string) {
      if (direct) io.stdout.write(mask.form(line));
      if (streamed.length > 0) kept += mask.form(line);
    },
    before: ({ format }: Destination): string => (format.streamed ? kept : ''),
  };
}

const underActions = ({ env }: Io): boolean => env['GITHUB_ACTIONS'] === 'true';

/** Annotations beside the text; and a name that looks like a command of the runner is none. */
function onActions({ checked }: Result, text: string, { annotations }: Flags, origin: Origin): string {
  const shown = withoutCommands(text, randomUUID());
  return checked && annotations !== false ? shown + githubText(checked.fresh, origin) : shown;
}

/** The directory that paths in reports start from. */
export const rootOf = ({ env, cwd }: Io): string => resolve(env['GITHUB_WORKSPACE'] || cwd);
