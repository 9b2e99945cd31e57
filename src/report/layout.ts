import type { Place } from '../finding';
import type { DatabaseInfo } from '../outcome';

const WIDTH = 80;

/** Breaks text between words at 80 columns; colours come later, they would count as letters. `first` stands before the first line, the others are indented as far. */
export function paragraph(first: string, text: string): string {
  const indent = ' '.repeat(first.length);
  return text
    .split('\n')
    .flatMap((line) => wrap(line, WIDTH - indent.length))
    .map((line, index) => ((index === 0 ? first : indent) + line).trimEnd())
    .join('\n');
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ').filter((piece) => piece !== '')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

/** Every line pushed to the right; for SQL, which is never broken so that it can be copied. */
export const indented = (spaces: number, text: string): string =>
  text.replace(/^(?=.)/gm, ' '.repeat(spaces));

/** `1 row`, `2 rows`, `1,204 rows`. */
export const count = (amount: number, noun: string, nouns = `${noun}s`): string =>
  `${amount.toLocaleString('en-US')} ${amount === 1 ? noun : nouns}`;

/** `a`, `a and b`, `a, b and c`. */
export const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

/** `booknexus on localhost (PostgreSQL 18.4)`. */
export function databaseLabel(database: DatabaseInfo): string {
  const host = database.host === '' ? '' : ` on ${database.host}`;
  return `${database.name}${host} (PostgreSQL ${database.serverVersion})`;
}

/** `public.Checkouts (userId)`. */
export const placeLabel = (place: Place): string =>
  `${place.schema}.${place.table}${place.columns.length === 0 ? '' : ` (${place.columns.join(', ')})`}`;

/** `0.4 s`, `12 ms`, `3 min 20 s`. */
export function durationLabel(milliseconds: number): string {
  if (milliseconds < 100) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** Blocks with one empty line between them; empty blocks vanish. Ends with a line break. */
export const document = (blocks: readonly string[]): string =>
  `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
