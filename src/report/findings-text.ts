import type { Finding, Refusal } from '../finding';
import { listed, paragraph, placeLabel } from './layout';
import { plain, type Paint } from './paint';

/** Findings for a person: one block for each relation or table, the worst first, each reason told once. */
export function findingBlocks(findings: readonly Finding[], paint: Paint = plain): readonly string[] {
  const told = new Set<string>();
  const known = new Map(findings.map((finding) => [finding.id, finding]));
  const worstFirst = [...findings].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
  return [...grouped(worstFirst).values()].map((group) =>
    [
      heading(group, paint),
      ...group.map((finding) =>
        [describe(finding, told, paint), ...causeLines(finding, known, paint)].join('\n'),
      ),
    ].join('\n'),
  );
}

const RANK = { error: 0, warning: 1, info: 2 } as const;

function grouped(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const subject = subjectOf(finding);
    groups.set(subject, [...(groups.get(subject) ?? []), finding]);
  }
  return groups;
}

const subjectOf = (finding: Finding): string => finding.relation ?? placeLabel(finding.child);

function heading(group: readonly Finding[], paint: Paint): string {
  const [first] = group;
  if (!first) return '';
  const withParent = group.find((finding) => finding.parent);
  const places = [
    placeLabel(first.child),
    ...(withParent?.parent ? [placeLabel(withParent.parent)] : []),
  ].join(' -> ');
  return first.relation
    ? `${paint.strong(first.relation)}\n${paint.faint(paragraph('  ', places, paint))}`
    : paint.strong(places);
}

/** True only the first time: what was told once need not be told with every relation. */
function once(told: Set<string>, key: string): boolean {
  const first = !told.has(key);
  told.add(key);
  return first;
}

function describe(finding: Finding, told: Set<string>, paint: Paint): string {
  const { kind, severity, message, why, help, repair, sampleKeys = [] } = finding;
  const label = repair === 'manual' ? '' : `  [${repair === 'automatic' ? 'repairable' : 'refused'}]`;
  return [
    '',
    `  ${paint[severity](severity)}  ${kind}${label}`,
    paragraph('    ', message, paint),
    ...(sampleKeys.length > 0 ? [paragraph('    keys  ', sampleKeys.join(', '), paint)] : []),
    ...(once(told, kind) ? [paragraph('    why   ', why, paint)] : []),
    ...(finding.refusal
      ? refusalLines(finding.refusal, finding, told, paint)
      : [paragraph('    help  ', help, paint)]),
  ].join('\n');
}

/** One mistake has many effects: the reader shall begin with it. */
function causeLines(finding: Finding, known: ReadonlyMap<string, Finding>, paint: Paint): readonly string[] {
  const causes = (finding.causedBy ?? []).map((id) => {
    const cause = known.get(id);
    if (!cause) return id;
    return subjectOf(cause) === subjectOf(finding) ? cause.kind : `${cause.kind} of ${subjectOf(cause)}`;
  });
  return causes.length > 0 ? [paragraph('    because of  ', listed(causes), paint)] : [];
}

/** A refusal stands in place of the help: what the guard would do is no help where it will not. */
function refusalLines(
  { message, option }: Refusal,
  finding: Finding,
  told: Set<string>,
  paint: Paint,
): readonly string[] {
  if (!once(told, JSON.stringify([subjectOf(finding), message, option])))
    return ['    refused  for the same reason'];
  return [
    paragraph('    refused  ', message, paint),
    paragraph('    to allow  ', option === '' ? 'no option allows it; mend the cause first' : option, paint),
  ];
}
