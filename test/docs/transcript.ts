import { parseArguments } from '../../src/cli/program';
import { plain } from '../../src/report/paint';
import { recordedIo } from '../cli/streams';
import type { FkGuard } from '../../src/guard';

/** What stands for lines that a document leaves out. */
const LEFT_OUT = '…';

/** What a command of the command line prints, with this guard in the place of the configuration. */
export async function printed(line: string, guard: FkGuard): Promise<string> {
  const request = parseArguments(wordsOf(line));
  if ('print' in request) return request.print;
  const { command, flags, argument, more } = request;
  if (!('run' in command)) throw new Error(`${line}: it needs no guard.`);
  const settings = { config: { path: 'fk-guard.config.ts' }, options: {} };
  const io = recordedIo();
  const place = { guard, flags, argument, more, quarantineSchema: 'fk_guard', settings, io };
  return (await command.run(place)).text(plain);
}

/** The words behind `npx fk-guard`. */
export const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );

/** One command of a transcript and what the document shows below it. */
export interface Shown {
  readonly command: string;
  readonly lines: readonly string[];
}

/** Reads a block of `$ command` lines, each with its output. */
export function shownIn(text: string): readonly Shown[] {
  const shown: { command: string; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const command = /^\$ (.+)$/.exec(line)?.[1];
    if (command !== undefined) shown.push({ command, lines: [] });
    else if (shown.length > 0) shown.at(-1)?.lines.push(line);
    else throw new Error(`No command stands before: ${line}`);
  }
  return shown;
}

export const textOf = (shown: readonly Shown[]): string =>
  shown.map(({ command, lines }) => [`$ ${command}`, ...lines].join('\n')).join('\n');

/** The real output cut as the document cuts it: as many lines before and after `…` as it shows. */
export function cutLike({ command, lines }: Shown, output: string): Shown {
  const real = output
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd());
  const cut = lines.indexOf(LEFT_OUT);
  // An empty line below an output parts it from the next command.
  const space = lines.at(-1) === '' ? [''] : [];
  const after = lines.length - cut - 1 - space.length;
  if (cut < 0) return { command, lines: [...real, ...space] };
  if (cut + after >= real.length) return { command, lines: [...real, ...space] };
  return {
    command,
    lines: [...real.slice(0, cut), LEFT_OUT, ...real.slice(real.length - after), ...space],
  };
}
