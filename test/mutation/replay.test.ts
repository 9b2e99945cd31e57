import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from 'sequelize-fk-guard';
import { planLines, spoken } from '../problem-tester/case';
import { declaredLocks } from '../problem-tester/locks';
import { read, type PureRecord } from './record';
import { RECORDS } from './records';
import { replayed } from './replayed';

const ASIDE: readonly string[] = ['unindexed-foreign-key', 'half-null-key'];

const files = readdirSync(RECORDS).map((file) => ({
  file: file.replace(/-test-ts\.json$/, ''),
  records: read(readFileSync(join(RECORDS, file), 'utf8')),
}));

describe.each(files.filter(({ records }) => records.length > 0))('$file', ({ records }) => {
  test.each(records)('$title', ({ kind, look, findings, besides, plan, locks, repaired }) => {
    const seen = replayed(look);
    const ofKind = seen.findings.filter((finding) => finding.kind === kind);
    expect(ofKind.map((finding, i) => spoken(finding, findings[i]))).toEqual(findings);
    const others = seen.findings.filter((finding) => finding.kind !== kind && !ASIDE.includes(finding.kind));
    expect(others.map((finding) => finding.kind)).toEqual(besides);
    const planned = { steps: seen.steps } as Plan;
    expect(planLines(planned)).toEqual(plan);
    if (locks) expectLocks(planned, locks);
    if (repaired) expectNothingLeft({ kind, findings, repaired });
  });
});

function expectLocks(plan: Plan, { observed, roots }: NonNullable<PureRecord['locks']>): void {
  expect(declaredLocks(plan, (table) => roots[table] ?? table)).toEqual(observed);
}

/** What was repaired is gone, and what was not is told again. */
function expectNothingLeft({
  kind,
  findings,
  repaired,
}: Pick<PureRecord, 'kind' | 'findings'> & Required<Pick<PureRecord, 'repaired'>>): void {
  const after = replayed(repaired);
  expect(after.findings.flatMap((finding) => (finding.kind === kind ? [finding.message] : []))).toEqual(
    findings.flatMap(({ repair, message }) => (repair === 'automatic' ? [] : [message])),
  );
  expect(planLines({ steps: after.steps } as Plan)).toEqual([]);
}
