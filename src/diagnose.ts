import { withCauses } from './causes';
import type { Change } from './changes/change';
import type { Finding, Place } from './finding';
import { problems } from './problems';
import type { Description, Location, Problem, Repair } from './problems/problem';
import type { Policy } from './policy/verdict';
import type { MeasuredRelation } from './snapshot';
import { restrained } from './repair/restraint';

/** A finding together with the changes that would mend it; the changes never leave the library. */
export interface Diagnosis {
  readonly finding: Finding;
  readonly changes: readonly Change[];
}

/** Runs every kind over the snapshot; the order is that of the registry, then that of the relations. */
export function diagnose(policy: Policy): readonly Diagnosis[] {
  // Two models of one table may give one id twice: the first one counts.
  const pairs = new Map(policy.snapshot.relations.toReversed().map((pair) => [pair.relation.id, pair]));
  const diagnoses = problems.flatMap((problem) =>
    diagnoseKind(problem as Problem<Finding['kind'], unknown>, policy, pairs),
  );
  return withCauses(onePerId(diagnoses));
}

/** Two models of one table say the same of it; the first one says it. */
const onePerId = (diagnoses: readonly Diagnosis[]): readonly Diagnosis[] => {
  const said = new Set<string>();
  return diagnoses.filter(({ finding: { id } }) => !said.has(id) && said.add(id));
};

function diagnoseKind(
  problem: Problem<Finding['kind'], unknown>,
  policy: Policy,
  pairs: ReadonlyMap<string | undefined, MeasuredRelation>,
): readonly Diagnosis[] {
  return problem.detect(policy.snapshot).map((facts) => {
    const description = problem.describe(facts);
    const pair = pairs.get(description.about.relation);
    const repair = restrained(problem.repair(facts, policy), pair, policy.snapshot);
    return {
      finding: findingOf(problem, description, repair),
      changes: repair !== 'manual' && 'changes' in repair ? repair.changes : [],
    };
  });
}

function findingOf(
  problem: Problem<Finding['kind'], unknown>,
  { about, ...words }: Description,
  repair: Repair,
): Finding {
  const refusal = repair !== 'manual' && 'refused' in repair ? repair.refused : undefined;
  return {
    id: idOf(problem.kind, about),
    kind: problem.kind,
    severity: problem.severity,
    ...about,
    ...words,
    // What the guard would do is no help where it will not.
    help: refusal?.option
      ? `Nothing is changed. To decide: ${refusal.option}.`
      : refusal
        ? `Nothing is changed: ${refusal.message}.`
        : words.help,
    why: problem.why,
    repair: repair === 'manual' ? 'manual' : 'changes' in repair ? 'automatic' : 'refused',
    ...(refusal && { refusal }),
  };
}

/** Several of them may stand at one place. */
const NAMED: readonly string[] = ['unclaimed-foreign-key', 'invalid-index'];

/** The same from run to run, so that a baseline can name it: no counts, no oids. */
function idOf(kind: string, { child, parent, constraint }: Location): string {
  const place = ({ schema, table, columns }: Place): string => `${schema}.${table}(${columns.join(',')})`;
  const named = NAMED.includes(kind) && constraint !== undefined ? `:${constraint}` : '';
  return `${kind}:${place(child)}${parent ? `->${place(parent)}` : ''}${named}`;
}
