import type { Report } from '../../outcome';
import { ageLabel, count, listed } from '../layout';
import { html, NOTHING, type Html } from './markup';
import type { ReportData } from './report-data';

/** The page in one sentence. */
export function verdict({ summary }: Report): Html {
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
  return html`<p class="verdict ${summary.relations === 0 ? 'warning' : mood}">${words}</p>`;
}

/** The numbers of the first glance. */
export function tiles({ report: { summary }, plan, status }: ReportData): Html {
  const { quarantine } = status;
  const oldest = quarantine.oldestMs === undefined ? '' : `the oldest ${ageLabel(quarantine.oldestMs)} old`;
  const list = [
    tile('relations', summary.relations, `in ${count(summary.tables, 'table')}`),
    tile('healthy', summary.healthy, 'valid, enforced and alone', 'good'),
    tile('errors', summary.errors, '', summary.errors > 0 ? 'error' : ''),
    tile('warnings', summary.warnings, '', summary.warnings > 0 ? 'warning' : ''),
    tile('orphaned rows', summary.orphanRows, '', summary.orphanRows > 0 ? 'error' : ''),
    tile('steps planned', plan.steps.length, plan.refusals.length > 0 ? `${plan.refusals.length} refused` : ''),
    tile('rows in quarantine', quarantine.rows, oldest),
  ];
  return html`<dl class="tiles">${list}</dl>`;
}

const tile = (name: string, number: number, beside: string, mood = ''): Html => html`<div class="tile ${mood}">
<dt>${name}</dt>
<dd>${number.toLocaleString('en-US')}${beside === '' ? NOTHING : html`<small>${beside}</small>`}</dd>
</div>`;
