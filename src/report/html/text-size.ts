import { visible } from '../../visible';

/** In pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export const LINE_HEIGHT = 15;
/** Of the monospaced font at 11 pixels that the style sheet gives the drawing; a wide character takes two. */
const LETTER = 6.7;
const LONGEST = 38;
/** How much of that comes from the end: a schema in front may be the same everywhere, and so may the beginnings. */
const END = 16;

/** As it is drawn. Names may be 63 bytes long, and escapes make them longer: what does not fit is in the title. */
export function shortened(text: string): string {
  const written = visible(text);
  const letters = [...written];
  return letters.length > LONGEST
    ? `${letters.slice(0, LONGEST - 1 - END).join('')}…${letters.slice(-END).join('')}`
    : written;
}

/** How much room some lines take. */
export function sizeOf(lines: readonly string[]): Size {
  const widths = lines.map((line) =>
    [...shortened(line)].reduce((sum, letter) => sum + lettersOf(letter), 0),
  );
  return { width: Math.max(0, ...widths) * LETTER, height: lines.length * LINE_HEIGHT };
}

const lettersOf = (letter: string): number => ((letter.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1);
