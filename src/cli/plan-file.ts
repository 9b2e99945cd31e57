import { readFileSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { FkGuardError } from '../errors';
import type { Plan } from '../outcome';
import { CliError } from './cli-error';
import { EXIT } from './exit-codes';
import { messageOf } from './message-of';

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
      `Cannot write ${path}: ${reason(error)}`,
      'Choose a file in a directory that exists and can be written to.',
    );
  }
}

/** Reads a saved plan. Throws `PLAN_INVALID` when there is none or it is not a plan; whether it is stale is the guard's to say. */
export function readPlanFile(path: string): Plan {
  const parsed = v.safeParse(planShape, parseJson(path, readText(path)));
  if (parsed.success) return parsed.output as unknown as Plan;
  const problem = parsed.issues.map((issue) => `"${v.getDotPath(issue) ?? 'plan'}" is missing or wrong`)[0];
  throw invalid(`${path} is not a plan of this version of fk-guard: ${problem}`);
}

const planShape = v.looseObject({
  schemaVersion: v.literal(1),
  fingerprint: v.pipe(v.string(), v.nonEmpty()),
  database: v.looseObject({ name: v.string(), host: v.string(), serverVersion: v.string() }),
  findings: v.array(v.looseObject({ id: v.string() })),
  refusals: v.array(v.looseObject({ finding: v.string(), option: v.string(), message: v.string() })),
  steps: v.array(
    v.looseObject({
      id: v.string(),
      title: v.string(),
      rows: v.number(),
      change: v.looseObject({ op: v.string() }),
      statements: v.array(v.looseObject({ sql: v.string() })),
    }),
  ),
});

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw invalid(`Cannot read ${path}: ${reason(error)}`, error);
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(`${path} is not JSON`, error);
  }
}

const invalid = (message: string, cause?: unknown): FkGuardError =>
  new FkGuardError(
    'PLAN_INVALID',
    `${message}.`,
    'Make a new plan with fk-guard plan --out plan.json; nothing was written.',
    cause,
  );

/** `no such file or directory` out of Node's `ENOENT: no such file or directory, open '…'`. */
const reason = (error: unknown): string =>
  /^[A-Z]+: ([^,]+)/.exec(messageOf(error))?.[1] ?? 'the file cannot be used';
