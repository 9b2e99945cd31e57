import { InvalidArgumentError } from 'commander';
import { AGE_FORM, ageOf } from '../age';
import { milliseconds } from '../duration';

/** The value of a flag that may be repeated. */
export const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [
  ...earlier,
  value,
];

/** The value of a flag that counts something. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 0.');
  return Number(text);
}

/** The same, where nothing would be nonsense. */
export function fromOne(text: string): number {
  const value = wholeNumber(text);
  if (value < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}

/** The value of a flag that says how old something is. */
export function age(text: string): string {
  if (ageOf(text) === undefined) throw new InvalidArgumentError(`It ${AGE_FORM}.`);
  return text;
}

/** The value of a flag that is a share. */
export function fraction(text: string): number {
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : NaN;
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError('It must be a number from 0 to 1.');
  return value;
}

/** The value of `--lock-timeout`: PostgreSQL reads lock_timeout = 0 as "wait for ever" (manual, 19.11.1). */
export const lockDuration = (text: string): string =>
  duration(text, 'It must not be 0, which would wait for ever.');

/** How long something may last, and never nothing. */
export const someTime = (text: string): string => duration(text, 'It must not be 0.');

function duration(text: string, notZero: string): string {
  const value = milliseconds(text);
  if (value === undefined) throw new InvalidArgumentError('It must be a duration such as 100ms, 2s or 1m.');
  if (value < 1) throw new InvalidArgumentError(notZero);
  return text;
}
