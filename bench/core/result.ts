import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './figures';
import type { Machine } from './machine';
import type { SizeName } from './sizes';

/** One run of the program. */
export interface Result {
  readonly begun: string;
  readonly minutes: number;
  readonly size: SizeName;
  readonly rounds: number;
  readonly machine: Machine;
  readonly rows: readonly Row[];
  /** Scenarios that broke off, with what they said. */
  readonly failures: readonly { readonly scenario: string; readonly message: string }[];
}

/** Keeps a run for whoever wants every single value; returns where. */
export function keep(result: Result): string {
  const folder = join('bench', 'results');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${result.begun.replace(/[:.]/g, '-')}-${result.size}.json`);
  writeFileSync(file, `${JSON.stringify(result, undefined, 2)}\n`);
  return file;
}

/** A run with the scenarios that it has not made itself, from earlier runs; the first that has one gives it. Each row says how much of everything it is about. */
export function together(result: Result, files: readonly string[]): Result {
  let whole = result;
  for (const file of files) {
    const earlier = JSON.parse(readFileSync(file, 'utf8')) as Result;
    const made = new Set(whole.rows.map(({ scenario }) => scenario));
    const more = earlier.rows.filter(({ scenario }) => !made.has(scenario));
    whole = { ...whole, minutes: whole.minutes + earlier.minutes, rows: [...whole.rows, ...more] };
  }
  return whole;
}
