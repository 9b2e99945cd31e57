import type { Finding } from '../../finding';
import type { Step } from '../../outcome';
import { problems } from '../../problems';
import { visibleSql } from '../../visible';
import { count } from '../layout';
import { terminated } from '../plan-text';
import { anchorOf } from './anchor';
import { html, lines, NOTHING, sentence, type Html } from './markup';
import type { ReportData } from './report-data';

/** Every finding: what is so, why it hurts, what is done about it with its SQL, and how an author silences it. */
export function findingsSection({ report, plan }: ReportData): Html {
  const { findings } = report;
  if (findings.length === 0) return NOTHING;
  return html`<section aria-labelledby="findings">
    <h2 id="findings">Findings</h2>
    ${toolbar(findings)}
    <div id="list">${findings.map((finding, i) => article(finding, i, plan?.steps ?? []))}</div>
  </section>`;
}

/** Hidden until the script has made it work. */
const toolbar = (findings: readonly Finding[]): Html =>
  html`<div id="filter" class="no-print" role="search" hidden>
    <label
      >Filter <input type="search" id="words" placeholder="table, relation or kind" autocomplete="off"
    /></label>
    <fieldset>
      <legend>Severity</legend>
      ${SEVERITIES.filter((severity) => findings.some((one) => one.severity === severity)).map(
        (severity) =>
          html`<label
            ><input type="checkbox" name="severity" value="${severity}" checked /> ${severity}</label
          >`,
      )}
    </fieldset>
    <output id="shown" for="words">${count(findings.length, 'finding')}</output>
    <button type="button" id="unfold">Open all</button>
  </div>`;

const SEVERITIES = ['error', 'warning', 'info'] as const;

function article(finding: Finding, index: number, steps: readonly Step[]): Html {
  const { severity, kind, relation, child, message, why } = finding;
  return html`<details class="finding ${severity}" id="${anchorOf(index)}" data-severity="${severity}">
    <summary>
      <span class="badge">${severity}</span> <strong>${relation ?? `${child.schema}.${child.table}`}</strong>
      <span class="faint">${kind}</span> <span class="message">${message}</span>
    </summary>
    <dl>
      <dt>Why it hurts</dt>
      <dd>${why}</dd>
      <dt>What to do</dt>
      <dd>${decision(finding)}</dd>
      ${repair(steps.filter(({ because }) => because.includes(finding.id)))} ${keys(finding)}
      ${silence(finding)}
    </dl>
  </details>`;
}

const decision = ({ help, refusal }: Finding): Html =>
  refusal && refusal.option !== ''
    ? html`Nothing is changed: ${refusal.message}. <code>${refusal.code}</code> To decide:
        <pre>${lines(refusal.option)}</pre>`
    : sentence(help);

function repair(steps: readonly Step[]): Html {
  if (steps.length === 0) return NOTHING;
  return html`<dt>What <code>fk-guard apply</code> does</dt>
    <dd>
      <ol>
        ${steps.map(step)}
      </ol>
    </dd>`;
}

const step = ({ title, statements, rows }: Step): Html =>
  html`<li>
    ${title}${rows > 0 ? ` (${count(rows, 'row')})` : ''}
    ${
      statements.length === 0
        ? html`<p class="faint">
            By fk-guard itself, in batches; each row is copied to the quarantine first.
          </p>`
        : html`<pre>${lines(statements.map(({ sql }) => terminated(visibleSql(sql))).join('\n'))}</pre>`
    }
  </li>`;

const keys = ({ sampleKeys = [] }: Finding): Html =>
  sampleKeys.length === 0
    ? NOTHING
    : html`<dt>Some keys</dt>
        <dd>${sampleKeys.join(', ')}</dd>`;

function silence({ kind }: Finding): Html {
  const words = problems.find((problem) => problem.kind === kind)?.silence;
  return words === undefined
    ? NOTHING
    : html`<dt>If it is meant so</dt>
        <dd>${sentence(words)}</dd>`;
}
