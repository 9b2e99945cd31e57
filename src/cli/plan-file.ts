import { writeFileSync } from 'node:fs';
import type { Plan } from '../outcome';
import { invalidPlan, parsePlan } from '../reviewed-plan';
import { CliError } from './cli-error';
import { EXIT } from './exit-codes';
import { messageOf } from './message-of';
import { readTextFile, reasonOf } from './text-file';

// Readable by its owner only: step titles and findings may hold keys of people.
const MODE = 0o600;

/** Saves a plan; the file is the plan itself, so that the library can read it too. */
export function writePlanFile(path: string, plan: Plan): void {
  writeResultFile(path, `${JSON.stringify(plan, null, 2)}\n`, MODE);
}

/** Writes a result to a file; a failure is a clear sentence and exit 1. */
export function writeResultFile(path: string, text: string, mode?: number): void {
  try {
    writeFileSync(path, text, mode === undefined ? {} : { mode });
  } catch (error) {
    throw new CliError(
      'OUTPUT',
      EXIT.failed,
      `Cannot write ${path}: ${reasonOf(error)}`,
      'Choose a file in a directory that exists and can be written to.',
    );
  }
}

/** Reads a saved plan. Throws `PLAN_INVALID` when there is none or it is not a plan; whether it is stale is the guard's to say. */
export const readPlanFile = (path: string): Plan => parsePlan(parseJson(path, readText(path)), path);

function readText(path: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    throw invalidPlan(`Cannot read ${path}: ${messageOf(error)}`, error);
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidPlan(`${path} is not JSON`, error);
  }
}
