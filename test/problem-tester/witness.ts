import { escapeIdentifier } from 'pg';
import type { Outcome, Plan, Report, RestoreOutcome } from 'sequelize-fk-guard';
import type { ProblemCase } from './case';
import { withPatient, type Patient } from './patient';
import { stateOf, type State } from './state';

/** Everything that one uninterrupted repair has shown. */
export interface Witness {
  readonly before: State;
  /** What `check` says, or `plan` where it is not asked: it has to be the same. */
  readonly report: Pick<Report, 'findings'>;
  readonly plan: Plan;
  readonly outcome: Outcome;
  readonly after: State;
  /** Absent where nothing was done: there is nothing to repeat. */
  readonly again?: Again;
  readonly quarantined: number;
  readonly restored?: { readonly outcome: RestoreOutcome; readonly state: State };
}

/** What a second look and a second repair have shown. */
export interface Again {
  /** It has the findings too. */
  readonly plan: Plan;
  readonly outcome: Outcome;
  readonly state: State;
}

/** Looks, repairs, looks again, repairs again and puts the rows back. */
export function witness(problem: ProblemCase, checks = true): Promise<Witness> {
  return withPatient(problem, async (patient) => {
    const { guard, database } = patient;
    const before = await stateOf(database);
    const plan = await guard.plan();
    const report = checks ? await guard.check() : plan;
    const outcome = await guard.apply();
    const after = await stateOf(database);
    const schema = quarantineOf(problem);
    const quarantined = await quarantinedRows(patient, schema);
    const again = outcome.steps.length > 0 ? { again: await repeat(patient) } : {};
    const restored =
      quarantined > 0 && outcome.runId !== undefined
        ? { restored: await restore(patient, outcome.runId, schema, problem.beforeRestore) }
        : {};
    return {
      before,
      report,
      plan,
      outcome,
      after,
      quarantined,
      ...again,
      ...restored,
    };
  });
}

const repeat = async ({ guard, database }: Patient): Promise<Again> => ({
  plan: await guard.plan(),
  outcome: await guard.apply(),
  state: await stateOf(database),
});

const quarantineOf = ({ options: { quarantine } = {} }: ProblemCase): string =>
  (quarantine || {}).schema ?? 'fk_guard';

async function quarantinedRows({ database }: Patient, schema: string): Promise<number> {
  const table = `${escapeIdentifier(schema)}.quarantine`;
  const [{ exists } = { exists: false }] = await database.query<{ exists: boolean }>(
    `select to_regclass($1) is not null as exists`,
    [table],
  );
  if (!exists) return 0;
  const [row] = await database.query<{ rows: number }>(`select count(*)::int as rows from ${table}`);
  return row?.rows ?? -1;
}

/** The keys go first: they are what keeps the rows out. */
async function restore(
  { guard, database }: Patient,
  runId: string,
  schema: string,
  beforeRestore = '',
): Promise<NonNullable<Witness['restored']>> {
  const drops = await database.query<{ statement: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as statement
      from pg_constraint
     where contype = 'f' and conparentid = 0 and connamespace <> $1::regnamespace`,
    [escapeIdentifier(schema)],
  );
  for (const { statement } of drops) await database.query(statement);
  await database.query(beforeRestore);
  return { outcome: await guard.restore(runId), state: await stateOf(database) };
}
