import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FkGuardOptions } from 'sequelize-fk-guard';

/** How the application is started. */
export interface Start {
  readonly urls: readonly string[];
  /** The guard's options; without them there is no guard. */
  readonly guard?: FkGuardOptions;
  readonly synchronize?: boolean | { readonly alter: boolean };
  /** Calls of the adapter one after the other, and at once. */
  readonly rounds?: number;
  readonly parallel?: number;
  /** The application has its own users, whose id is an integer. */
  readonly ownUsers?: boolean;
}

/** What one call of the adapter came to. */
export interface Call {
  readonly user?: null;
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly detail?: string;
}

/** What the application has to tell when it ends. */
export interface Told {
  /** For each round, the calls that were made at once. */
  readonly calls: readonly (readonly Call[])[];
  readonly outcomes: readonly ({
    readonly status: string;
    readonly remaining: readonly { readonly kind: string; readonly message: string; readonly help: string }[];
  } | null)[];
  readonly warnings: readonly string[];
}

/** Runs the application in a process of its own until it ends. */
export async function runApplication(start: Start): Promise<Told> {
  const { FK_GUARD_MODE: _mode, NODE_ENV: _env, NODE_OPTIONS: _options, ...env } = process.env;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(__dirname, 'application.mjs'), JSON.stringify(start)],
    { env },
  );
  return JSON.parse(stdout) as Told;
}
