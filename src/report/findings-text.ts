import type { Finding } from '../finding';
import { paragraph, placeLabel } from './layout';
import { plain, type Paint } from './paint';

/** Findings for a person: one block for each relation or table, the worst first, each reason told once. */
export function findingBlocks(findings: readonly Finding[], paint: Paint = plain): readonly string[] {
  const explained = new Set<string>();
  const worstFirst = [...findings].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
  return [...grouped(worstFirst).values()].map((group) =>
    [
      heading(group, paint),
      ...group.map((finding) => describe(finding, firstOfKind(finding, explained), paint)),
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
    ? `${paint.strong(first.relation)}\n${paint.faint(paragraph('  ', places))}`
    : paint.strong(places);
}

function firstOfKind(finding: Finding, explained: Set<string>): boolean {
  const first = !explained.has(finding.kind);
  explained.add(finding.kind);
  return first;
}

function describe(finding: Finding, withReason: boolean, paint: Paint): string {
  const lines = [
    '',
    `  ${paint[finding.severity](finding.severity)}  ${finding.kind}${finding.repair === 'manual' ? '' : `  [${finding.repair === 'automatic' ? 'repairable' : 'refused'}]`}`,
    paragraph('    ', finding.message),
  ];
  if (finding.sampleKeys && finding.sampleKeys.length > 0)
    lines.push(paragraph('    keys  ', finding.sampleKeys.join(', ')));
  if (withReason) lines.push(paragraph('    why   ', finding.why));
  lines.push(paragraph('    help  ', finding.help));
  if (finding.refusal)
    lines.push(
      paragraph('    refused  ', finding.refusal.message),
      paragraph('    to allow  ', finding.refusal.option),
    );
  return lines.join('\n');
}
