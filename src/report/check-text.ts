import type { Finding } from '../finding';
import type { Report, Summary } from '../outcome';
import { findingBlocks } from './findings-text';
import { visibleIn } from '../visible';
import { count, databaseLabel, document, listed, paragraph } from './layout';
import { plain, type Paint } from './paint';
import { tenantsSeenText } from './tenants-text';

/** A report for a person: one line that says it all, the database, the findings, what was not looked at, what to do next. */
export function checkText(data: Report, paint: Paint = plain, beside: readonly string[] = []): string {
  const report = visibleIn(data);
  return document([
    headline(report, beside.length > 0, paint),
    tenantsSeenText(report, paint),
    ...findingBlocks(report.findings, paint),
    beside.map((line) => paragraph('', line, paint)).join('\n'),
    footer(report, paint),
  ]);
}

/** One line that says it all, and the database. */
export function headline(
  { database, summary, findings }: Report,
  besideBaseline: boolean,
  paint: Paint,
): string {
  const accepted = besideBaseline && findings.length === 0 && summary.relations > 0;
  return `${accepted ? `${paint.good('Nothing new')}: ${count(summary.relations, 'relation')} examined.` : verdict(summary, findings, paint)}\n${paint.faint(databaseLabel(database))}`;
}

function verdict(summary: Summary, findings: readonly Finding[], paint: Paint): string {
  if (summary.relations === 0)
    return `${paint.error('Nothing was examined')}: no relation is declared, or all are excluded.`;
  const relations = count(summary.relations, 'relation');
  if (findings.length === 0) return `${paint.good('Healthy')}: ${relations} examined.`;
  return `${severities(summary, paint)} in ${relations}, ${count(summary.orphanRows, 'orphaned row')}.`;
}

function severities(summary: Summary, paint: Paint): string {
  const parts = [
    summary.errors > 0 ? paint.error(count(summary.errors, 'error')) : '',
    summary.warnings > 0 ? paint.warning(count(summary.warnings, 'warning')) : '',
    summary.infos > 0 ? paint.info(count(summary.infos, 'note')) : '',
  ];
  return listed(parts.filter((part) => part !== ''));
}

function footer(report: Report, paint: Paint): string {
  return [...repairs(report.findings), ...notMeasured(report.notMeasured), ...next(report.findings)]
    .map((line) => paint.faint(paragraph('', line, paint)))
    .join('\n');
}

function repairs(findings: readonly Finding[]): readonly string[] {
  if (findings.length === 0) return [];
  const of = (repair: Finding['repair']): number =>
    findings.filter((finding) => finding.repair === repair).length;
  return [
    `Repairable: ${of('automatic')}. Refused until an option allows it: ${of('refused')}. By hand: ${of('manual')}.`,
  ];
}

/** What was not counted, and why: nothing is called clean that nobody has looked at. */
export function notMeasured(entries: Report['notMeasured']): readonly string[] {
  const trusted = entries.filter(({ reason }) => reason === 'trusted');
  const unknown = entries.filter(({ reason }) => reason !== 'trusted');
  return [
    ...(unknown.length > 0
      ? [
          `Not counted: ${unknown.map(({ relation, reason, schema }) => `${schema === undefined ? '' : `${schema}: `}${relation} (${reason})`).join(', ')}.`,
        ]
      : []),
    ...(trusted.length > 0
      ? [`Proved by a valid key and not counted again: ${count(trusted.length, 'relation')}.`]
      : []),
  ];
}

const next = (findings: readonly Finding[]): readonly string[] =>
  findings.some(({ repair }) => repair === 'automatic') ? ['Next: fk-guard plan'] : [];
