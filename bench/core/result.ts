import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './figures';
import type { Machine } from './machine';
import type { SizeName } from './sizes';

/** One run of the program. */
export interface Result {
  readonly begun: string;
  readonly minutes: number;
  readonly size: SizeName;
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
