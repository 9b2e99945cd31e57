import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { FkGuardError } from './errors';
import { refusalsOf } from './finding';
import type { Plan } from './outcome';
import { withoutKeys } from './report/without-keys';

/** A plan with the seal that a reviewed one is known by. */
export const sealed = (plan: Omit<Plan, 'seal'>): Plan => ({ ...plan, seal: sealOf(plan) });

/** A plan for everybody to read: without the keys of rows that were asked for. It does the same. */
export function planWithoutKeys({ seal: _, ...plan }: Plan): Plan {
  const findings = plan.findings.map(withoutKeys);
  return sealed({ ...plan, findings, refusals: refusalsOf(findings) });
}

/**
 * The plan that somebody reviewed and saved. Throws `PLAN_INVALID` for what is no plan, and for one that was edited
 * since: what is carried out is what was planned, so that an edit would be shown and never done. `what` names it.
 */
export function parsePlan(value: unknown, what = 'The plan'): Plan {
  const problem = problemOf(value);
  if (problem !== undefined) throw invalidPlan(`${what} ${problem}`);
  return value as Plan;
}

/** The error for a plan that cannot be used. */
export const invalidPlan = (message: string, cause?: unknown): FkGuardError =>
  new FkGuardError(
    'PLAN_INVALID',
    `${message}.`,
    'Make a new plan with fk-guard plan --out plan.json; nothing was written.',
    cause,
  );

function problemOf(value: unknown): string | undefined {
  try {
    const parsed = v.safeParse(planShape, value);
    if (!parsed.success)
      return `is not a plan of this version of fk-guard: "${v.getDotPath(parsed.issues[0]) ?? 'plan'}" is missing or wrong`;
    const { seal, ...plan } = value as Plan;
    return sealOf(plan) === seal ? undefined : 'was edited after it was made';
  } catch {
    // What holds itself, is nested without end or throws when it is read came out of no plan.
    return 'is not a plan: it cannot be read';
  }
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
  seal: v.string(),
});

/** Of all that stands in it; in whatever order, because a tool may have written the file anew. */
const sealOf = (plan: object): string =>
  createHash('sha256')
    .update(JSON.stringify(inOrder(JSON.parse(JSON.stringify(plan)))))
    .digest('hex');

/** Pairs and no object: a field may have any name. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, part]) => [name, inOrder(part)] as const);
  return { fields: fields.sort(([a], [b]) => (a < b ? -1 : 1)) };
}
