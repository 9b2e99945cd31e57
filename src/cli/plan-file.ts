import type { Plan } from '../outcome';
import { invalidPlan, parsePlan } from '../reviewed-plan';
import { messageOf } from './message-of';
import { PRIVATE, writeResultFile } from './result-file';
import { readTextFile } from './text-file';

/** Saves a plan; the file is the plan itself, so that the library can read it too. */
export function writePlanFile(path: string, plan: Plan): void {
  writeResultFile(
    path,
    `${JSON.stringify(plan, null, 2)}
`,
    PRIVATE,
  );
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
