import type { Place } from '../finding';
import type { DatabaseInfo } from '../outcome';
import type { Paint } from './paint';

/** Breaks text between words where the line is full; colours come later, they would count as letters. `first` stands before the first line, the others are indented as far. */
export function paragraph(first: string, text: string, { width }: Pick<Paint, 'width'>): string {
  const indent = ' '.repeat(first.length);
  return text
    .split('\n')
    .flatMap((line) => wrap(line, width - indent.length))
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
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `45 days`, `3 h`, `12 min`: how old something is, in the largest unit that it fills. */
export function ageLabel(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h`;
  return count(Math.floor(minutes / (24 * 60)), 'day');
}

/** `512 bytes`, `34 kB`, `1.2 GB`, in steps of 1024 as PostgreSQL counts them. */
export function bytesLabel(bytes: number): string {
  if (bytes < 1024) return count(bytes, 'byte');
  const step = Math.min(4, Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 1024 ** step;
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${['', 'kB', 'MB', 'GB', 'TB'][step]}`;
}

/** `2026-11-28 01:11 UTC`. */
export const timeLabel = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

/** Blocks with one empty line between them; empty blocks vanish. Ends with a line break. */
export const document = (blocks: readonly string[]): string =>
  `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
