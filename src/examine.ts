import { databaseInfo } from './database-info';
import type { Database, Session } from './db';
import { diagnose } from './diagnose';
import { refusalsOf, type Finding, type Place } from './finding';
import { fingerprintOf } from './fingerprint';
import type { Look } from './execution/look';
import { inspect, type Depth } from './inspect/inspect';
import type { Plan, Report, ReportRelation, Step } from './outcome';
import { planSteps } from './plan';
import { withTablesSeen } from './quarantine/judged-by';
import type { Expected } from './expected';
import type { TableName } from './schema';
import type { PairedRelation, Snapshot } from './snapshot';
import { proof } from './pairing/measurable';
import { assertUsable } from './inspect/new-parents';
import { createPolicy } from './policy/verdict';
import { sealed } from './reviewed-plan';

/** One look at a database, with everything that follows from it. */
export interface Examination {
  readonly snapshot: Snapshot;
  readonly report: Report;
  readonly steps: readonly Step[];
  readonly plan: Plan;
}

/** What is looked at, beside what, and how. */
export interface Subject extends Look {
  readonly database: Database;
  readonly expected: Expected;
}

/**
 * Inspects, diagnoses and plans: the read-only half of everything that the guard does. Throws `OPTIONS` for an option
 * that cannot be carried out; under way, when something may have been written, that is a refusal.
 */
export async function examine(
  session: Session,
  subject: Subject,
  depth: Depth = 'rows',
  when: 'before' | 'under way' = 'before',
): Promise<Examination> {
  const { expected, ...look } = subject;
  return conclude(await inspect(session, expected, look, depth), subject, when);
}

/** The same in a session of its own, which the server takes leave of while the conclusions are drawn. */
export async function examineOnce(subject: Subject, depth: Depth): Promise<Examination> {
  const { database, expected, ...look } = subject;
  const session = await database.open();
  let closing: Promise<void> | undefined;
  try {
    const snapshot = await inspect(session, expected, look, depth);
    closing = session.close();
    return conclude(snapshot, subject, 'before');
  } finally {
    await (closing ?? session.close());
  }
}

function conclude(
  snapshot: Snapshot,
  { database, settings }: Subject,
  when: 'before' | 'under way',
): Examination {
  if (when === 'before') assertUsable(snapshot);
  const diagnoses = diagnose(createPolicy(snapshot, settings));
  const findings = diagnoses.map(({ finding }) => finding);
  const steps = withTablesSeen(planSteps(diagnoses, snapshot), snapshot.catalog);
  const info = databaseInfo(database, snapshot.catalog.server);
  return {
    snapshot,
    steps,
    report: {
      schemaVersion: 1,
      database: info,
      relations: snapshot.relations.map(reportRelation),
      findings,
      summary: summaryOf(snapshot, findings),
      notMeasured: notMeasured(snapshot),
    },
    plan: sealed({
      schemaVersion: 1,
      database: info,
      fingerprint: fingerprintOf(snapshot, steps),
      steps,
      findings,
      refusals: refusalsOf(findings),
    }),
  };
}

function summaryOf({ tables, relations }: Snapshot, findings: readonly Finding[]): Report['summary'] {
  const count = (severity: Finding['severity']): number =>
    findings.filter((finding) => finding.severity === severity).length;
  return {
    tables: tables.length,
    relations: relations.length,
    healthy: relations.filter(isHealthy).length,
    orphanRows: relations.reduce(
      (sum, { orphans }) => sum + (typeof orphans === 'object' ? orphans.rows : 0),
      0,
    ),
    errors: count('error'),
    warnings: count('warning'),
    infos: count('info'),
  };
}

const isHealthy = (pair: PairedRelation): boolean =>
  pair.holder !== undefined && pair.holder === proof(pair) && pair.rivals.length === 0;

const reportRelation = (pair: PairedRelation): ReportRelation => ({
  id: pair.relation.id,
  child: placeOf(pair.childName, pair.relation.childColumns),
  parent: placeOf(pair.parentName, pair.relation.parentColumns),
  healthy: isHealthy(pair),
});

const placeOf = ({ schema, name }: TableName, columns: readonly string[]): Place => ({
  schema,
  table: name,
  columns,
});

const notMeasured = ({ relations }: Snapshot): Report['notMeasured'] =>
  relations.flatMap(({ relation, orphans }) =>
    typeof orphans === 'string' ? [{ relation: relation.id, reason: orphans }] : [],
  );
