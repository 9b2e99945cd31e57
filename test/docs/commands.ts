import type { Block } from './markdown';
import { wordsOf } from './transcript';

/** One command of a shell block, without comments, redirections and settings of variables. */
export type Words = readonly string[];

/** The commands of a shell text, one for each part of a pipe or a list. */
export const commandsIn = (text: string): readonly Words[] =>
  text
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, ''))
    .flatMap((line) => line.split(/&&|\|\||[|;]/))
    .map((command) => wordsOf(command.trim().replace(/^(?:[A-Z_]+=\S+\s+)+/, '')))
    .map((words) =>
      words.slice(
        0,
        firstOr(words, (word) => /^\d?>/.test(word)),
      ),
    )
    .filter((words) => words.length > 0);

const firstOr = (words: Words, wanted: (word: string) => boolean): number => {
  const at = words.findIndex(wanted);
  return at < 0 ? words.length : at;
};

/** What stands behind `fk-guard`, where the command is one of ours. */
export function ofFkGuard(words: Words): Words | undefined {
  const [first, second] = words;
  if (first === 'fk-guard') return words.slice(1);
  return first === 'npx' && second === 'fk-guard' ? words.slice(2) : undefined;
}

/** Command lines that a configuration file has in it: strings, and lists whose first word is a program. */
export function commandsOfData(value: unknown): readonly Words[] {
  if (typeof value === 'string') return /(^|\s)fk-guard\s/.test(value) ? commandsIn(value) : [];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value) && value.every((word) => typeof word === 'string') && value[0] === 'npx')
    return [value];
  return Object.values(value).flatMap(commandsOfData);
}

/** Command lines in running text that can be given as they stand: no placeholder, no choice. */
export const commandsInProse = (text: string, blocks: readonly Block[]): readonly Words[] => {
  const prose = blocks.reduce((rest, block) => rest.replace(block.text, ''), text);
  return [...prose.matchAll(/`((?:npx )?fk-guard [^`]+)`/g)]
    .map(([, line = '']) => line.replaceAll(/\s+/g, ' '))
    .filter((line) => !/[|…<[]/.test(line))
    .map(wordsOf);
};
