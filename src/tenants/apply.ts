import { FkGuardError } from '../errors';
import type { Task } from '../execution/carry-out';
import { failureOf } from '../execution/failure';
import { nothingDone } from '../execution/outcome-of';
import { assertTimeLeft } from '../execution/time-left';
import { whatMoved } from '../fingerprint';
import type { Outcome, Plan } from '../outcome';
import { parsePlan } from '../reviewed-plan';
import { apply, assertMayWrite } from '../verbs';
import { lookAtAll, sharedTask, type TenantsExamination } from './examine';
import { taskOf, type SeenTenant } from './look';
import { mergedOutcome } from './merged-outcome';
import type { PartOutcome, TenantError, TenantOutcome } from './results';

/**
 * Repairs what all tenants share, and then one tenant after the other, each by a run of its own. What goes wrong with
 * one is told with it, and the others go on. With a plan, a part that has moved since is refused, and that one alone.
 */
export async function applyTenants(task: Task, plan?: Plan): Promise<Outcome> {
  assertMayWrite(task.settings);
  const reviewed = plan === undefined ? undefined : plansOf(parsePlan(plan));
  const started = performance.now();
  const seen = await lookAtAll(task);
  const { scope } = seen;
  const caps = startCaps(task);
  const carryOut = (part: Task, what: string, now: Seen, saved: Plan | undefined): Promise<PartOutcome> =>
    attempt(async () => {
      assertUnmoved(what, saved, now.plan);
      if ((saved ?? now.plan).steps.length === 0 || (reviewed && !saved)) return nothingDone(now, 0);
      assertTimeLeft(task.deadline, what);
      return caps.spend(await apply(caps.within(part, what), saved));
    });
  const shared = await carryOut(
    sharedTask(task, scope),
    'what all tenants share',
    seen.shared,
    reviewed?.shared,
  );
  const tenants: TenantOutcome[] = [];
  for (const tenant of seen.tenants) {
    const { schema } = tenant;
    const now = tenant.seen;
    const done = now
      ? await carryOut(
          taskOf(task, schema, scope),
          `the tenant ${schema}`,
          now,
          reviewed?.tenants.get(schema),
        )
      : failed(tenant);
    tenants.push({ schema, ...done });
  }
  tenants.push(...gone(reviewed?.tenants, seen.tenants));
  return mergedOutcome(shared, tenants, performance.now() - started);
}

type Seen = TenantsExamination['shared'];

interface Reviewed {
  readonly shared: Plan | undefined;
  readonly tenants: ReadonlyMap<string, Plan>;
}

/** The parts of a reviewed plan; each is held against its own seal again. */
function plansOf({ shared, tenants }: Plan): Reviewed {
  if (!shared || !tenants)
    throw new FkGuardError(
      'PLAN_STALE',
      'The plan is stale: it was made without the option "schemas", and knows no tenants.',
      'Make a new plan and look at it again. Nothing was changed.',
    );
  return {
    shared: parsePlan(shared),
    tenants: new Map(
      tenants.flatMap(({ schema, plan }) =>
        plan ? [[schema, parsePlan(plan, `The plan for ${schema}`)] as const] : [],
      ),
    ),
  };
}

async function attempt(work: () => Promise<Outcome>): Promise<PartOutcome> {
  try {
    return { outcome: await work() };
  } catch (error) {
    return { error: failureOf(error).error };
  }
}

const failed = ({ error }: SeenTenant): { readonly error?: TenantError } => (error ? { error } : {});

function assertUnmoved(what: string, saved: Plan | undefined, now: Plan): void {
  const moved = saved && whatMoved(saved, now);
  if (moved) throw stale(`The plan for ${what} is stale: ${moved}.`);
}

/** Tenants that were planned for and are no longer there. */
const gone = (
  reviewed: ReadonlyMap<string, Plan> | undefined,
  seen: readonly SeenTenant[],
): readonly TenantOutcome[] => {
  const known = new Set(seen.map(({ schema }) => schema));
  return [...(reviewed ?? [])].flatMap(([schema, { steps }]) =>
    known.has(schema) || steps.length === 0
      ? []
      : [{ schema, ...failed({ schema, error: failureOf(stale(`The schema ${schema} is gone.`)).error }) }],
  );
};

const stale = (message: string): FkGuardError =>
  new FkGuardError('PLAN_STALE', message, 'Make a new plan and look at it again. Nothing was changed there.');

/** What one run may take is meant for all tenants together. */
function startCaps({ settings: { maxRunRows, maxRunTime } }: Task) {
  const started = performance.now();
  let rows = 0;
  return {
    within(task: Task, what: string): Task {
      const rowsLeft = maxRunRows === undefined ? undefined : maxRunRows - rows;
      const timeLeft = maxRunTime === undefined ? undefined : maxRunTime - (performance.now() - started);
      if ((rowsLeft ?? 1) <= 0 || (timeLeft ?? 1) <= 0) throw capped(what);
      return {
        ...task,
        settings: {
          ...task.settings,
          ...(rowsLeft !== undefined && { maxRunRows: rowsLeft }),
          ...(timeLeft !== undefined && { maxRunTime: timeLeft }),
        },
      };
    },
    spend(outcome: Outcome): Outcome {
      rows += outcome.rowsQuarantined + outcome.parentsCreated;
      return outcome;
    },
  };
}

const capped = (what: string): FkGuardError =>
  new FkGuardError(
    'CAPPED',
    `The run has had its share before ${what}.`,
    'Run again: it goes on where this one has ended.',
  );
