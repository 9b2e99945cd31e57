import type { Plan } from '../../outcome';
import type { Status } from '../../status/status';
import { notMeasured } from '../check-text';
import { ageLabel, count, listed } from '../layout';
import { html, NOTHING, type Html } from './markup';
import type { ReportData } from './report-data';

/** The page in one sentence, and what was not looked at. */
export function verdict({ report, notes = [] }: ReportData): Html {
  const { summary } = report;
  const wrong = [
    ...(summary.errors > 0 ? [count(summary.errors, 'error')] : []),
    ...(summary.warnings > 0 ? [count(summary.warnings, 'warning')] : []),
    ...(summary.infos > 0 ? [count(summary.infos, 'note')] : []),
  ];
  const mood = summary.errors > 0 ? 'error' : summary.warnings > 0 ? 'warning' : 'good';
  const words =
    summary.relations === 0
      ? 'No relation was examined: there is nothing to say.'
      : wrong.length === 0
        ? `All ${count(summary.relations, 'relation')} are what the models promise.`
        : `${listed(wrong)} in ${count(summary.relations, 'relation')}.`;
  return html`<p class="verdict ${summary.relations === 0 ? 'warning' : mood}">${words}</p>
    ${[...notMeasured(report.notMeasured), ...notes].map((note) => html`<p class="faint">${note}</p>`)}`;
}

/** The numbers of the first glance. */
export function tiles({ report: { summary }, plan, status }: ReportData): Html {
  const list = [
    tile('relations', summary.relations, `in ${count(summary.tables, 'table')}`),
    tile('healthy', summary.healthy, 'as the models say', 'good'),
    tile('errors', summary.errors, '', summary.errors > 0 ? 'error' : ''),
    tile('warnings', summary.warnings, '', summary.warnings > 0 ? 'warning' : ''),
    tile('orphaned rows', summary.orphanRows, '', summary.orphanRows > 0 ? 'error' : ''),
    ...(plan ? [planned(plan)] : []),
    ...(status ? [kept(status)] : []),
  ];
  return html`<dl class="tiles">${list}</dl>`;
}

const planned = ({ steps, refusals }: Plan): Html =>
  tile('steps planned', steps.length, refusals.length > 0 ? `${refusals.length} refused` : '');

const kept = ({ quarantine: { rows, oldestMs } }: Status): Html =>
  tile('quarantined rows', rows, oldestMs === undefined ? '' : `the oldest ${ageLabel(oldestMs)} old`);

const tile = (name: string, number: number, beside: string, mood = ''): Html =>
  html`<div class="tile ${mood}">
    <dt>${name}</dt>
    <dd class="figure">${number.toLocaleString('en-US')}</dd>
    ${beside === '' ? NOTHING : html`<dd>${beside}</dd>`}
  </div>`;
