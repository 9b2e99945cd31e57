import { milliseconds } from './duration';

const LONGEST = 100 * 365 * 86_400_000;

/** An age such as `'30d'` in milliseconds; `undefined` when it is none, or so short or long that it must be a mistake. */
export function ageOf(text: unknown): number | undefined {
  const age = typeof text === 'string' ? milliseconds(text) : undefined;
  return age !== undefined && age >= 1 && age <= LONGEST ? age : undefined;
}

/** What an age has to look like; 0 would take every copy, the way back of a minute ago included. */
export const AGE_FORM = 'must be a duration such as "30d" or "12h", more than 0 and at most 100 years';
