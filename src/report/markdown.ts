import type { Finding } from '../finding';
import { groupBy } from '../group-by';
import type { Plan, Report, Step } from '../outcome';
import { visibleSql } from '../visible';
import { count, databaseLabel, listed } from './layout';
import { problemUrl } from './links';
import { fenced, folded, plainHtml, plainMarkdown } from './markdown-escape';
import { mermaidText } from './mermaid';

/** GitHub takes 65,536 characters in a comment; something is left for whoever puts a line around it. */
const MOST = 65_000;

/** A pull-request comment on a report: the numbers first, the graph of what is wrong, then each finding, folded. */
export function markdownReport(report: Report, beside: readonly string[] = []): string {
  const { summary, findings, database } = report;
  const wrong = [
    ...(summary.errors > 0 ? [count(summary.errors, 'error')] : []),
    ...(summary.warnings > 0 ? [count(summary.warnings, 'warning')] : []),
    ...(summary.infos > 0 ? [count(summary.infos, 'note')] : []),
  ];
  const verdict =
    summary.relations === 0
      ? 'Nothing was examined'
      : wrong.length === 0
        ? 'Foreign keys: healthy'
        : `Foreign keys: ${listed(wrong)}`;
  const head = [
    `### ${verdict}`,
    plainMarkdown(databaseLabel(database)),
    table([
      ['relations', 'healthy', 'orphaned rows', 'errors', 'warnings', 'notes'],
      [
        summary.relations,
        summary.healthy,
        summary.orphanRows,
        summary.errors,
        summary.warnings,
        summary.infos,
      ].map((number) => number.toLocaleString('en-US')),
    ]),
    ...beside.map(plainMarkdown),
  ];
  const graph = findings.length === 0 ? [] : [fenced('mermaid', mermaidText(findings))];
  return cut(
    head,
    graph,
    [...groupBy(findings, subjectOf)].map(([subject, group]) => block(subject, group)),
    'finding',
  );
}

/** The same on a plan: the steps, each with its SQL. */
export function markdownPlan({ steps, refusals, database }: Plan): string {
  const rows = steps.reduce((sum, step) => sum + step.rows, 0);
  const head = [
    `### ${steps.length === 0 ? 'Foreign keys: nothing to do' : `Foreign keys: ${count(steps.length, 'step')} planned`}`,
    plainMarkdown(databaseLabel(database)),
    table([
      ['steps', 'rows removed or changed', 'refused'],
      [steps.length, rows, refusals.length].map((number) => number.toLocaleString('en-US')),
    ]),
  ];
  const refused = refusals.map(({ message, option }) =>
    folded(
      `refused: ${plainMarkdown(message)}`,
      option === '' ? 'No option allows it.' : fenced('js', option),
    ),
  );
  return cut(head, [], [...steps.map(stepBlock), ...refused], 'part');
}

const subjectOf = ({ relation, child }: Finding): string => relation ?? `${child.schema}.${child.table}`;

function block(subject: string, group: readonly Finding[]): string {
  const kinds = group.map(({ kind, severity }) => `${severity}: ${kind}`).join(', ');
  return folded(`<b>${plainHtml(subject)}</b> (${kinds})`, group.map(describe).join('\n\n'));
}

function describe({ kind, severity, message, why, help, refusal }: Finding): string {
  const ending = refusal
    ? `Refused: ${plainMarkdown(refusal.message)}${refusal.option === '' ? '' : `\n\n${fenced('js', refusal.option)}`}`
    : plainMarkdown(help);
  return `**${severity}** [${kind}](${problemUrl(kind)}): ${plainMarkdown(message)}\n\n*Why:* ${plainMarkdown(why)}\n\n${ending}`;
}

function stepBlock({ title, statements, rows }: Step, index: number): string {
  const sql = statements
    .map(({ sql: text }) => `${visibleSql(text).trimEnd().replace(/;$/, '')};`)
    .join('\n');
  return folded(
    `${index + 1}. ${plainHtml(title)}${rows > 0 ? ` (${count(rows, 'row')})` : ''}`,
    sql === ''
      ? 'By fk-guard itself, in batches, each row copied to the quarantine first.'
      : fenced('sql', sql),
  );
}

const table = ([head = [], ...rows]: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---:'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Whole blocks only, as many as there is room for, and how many are missing; a graph that is too large goes first. */
function cut(
  head: readonly string[],
  graph: readonly string[],
  blocks: readonly string[],
  noun: string,
): string {
  const drawn = graph.join('').length > MOST / 2 ? ['The graph is too large for a comment.'] : graph;
  const kept: string[] = [...head, ...drawn];
  let room = MOST - kept.join('\n\n').length - 200;
  let shown = 0;
  for (const text of blocks) {
    room -= text.length + 2;
    if (room < 0) break;
    kept.push(text);
    shown++;
  }
  const left = blocks.length - shown;
  if (left > 0)
    kept.push(`${count(left, `more ${noun}`)} did not fit in here: run \`npx fk-guard check\` or \`plan\`.`);
  return `${kept.join('\n\n')}\n`;
}
