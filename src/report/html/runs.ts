import type { NotValidKey, RunStatus, Status } from '../../status/status';
import { count, durationLabel, placeLabel, timeLabel } from '../layout';
import { html, NOTHING, type Html } from './markup';

/** What the guard has done here lately, and the keys that nothing has proved yet. */
export const runsSection = ({ ledger, runs, notValid }: Status): Html =>
  html`<section aria-labelledby="runs">
    <h2 id="runs">Last runs</h2>
    ${
      ledger.error
        ? html`<p class="verdict error">
            The ledger cannot be read. ${ledger.error.message} ${ledger.error.advice}
          </p>`
        : runs.length === 0
          ? html`<p>The guard has changed nothing in this database.</p>`
          : table(runs, ledger.runs)
    }
    ${unproved(notValid)}
  </section>`;

const table = (runs: readonly RunStatus[], all: number): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-labelledby="runs">
      <table>
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">Started</th>
            <th scope="col">Ended as</th>
            <th scope="col" class="number">Deleted</th>
            <th scope="col" class="number">Set to NULL</th>
            <th scope="col" class="number">Copies</th>
            <th scope="col" class="number">Restored</th>
          </tr>
        </thead>
        <tbody>
          ${runs.map(row)}
        </tbody>
      </table>
    </div>
    ${all > runs.length ? html`<p class="faint">${count(all - runs.length, 'older run')} in the ledger: <code>fk-guard status --runs ${all}</code></p>` : NOTHING}`;

const row = (run: RunStatus): Html =>
  html`<tr>
    <th scope="row"><code>${run.runId}</code></th>
    <td>
      ${timeLabel(run.startedAt)}${run.durationMs === undefined ? '' : `, ${durationLabel(run.durationMs)}`}
    </td>
    <td>${run.status}${run.goesOn ? '; the next run goes on from it' : ''}</td>
    ${[run.rowsDeleted, run.rowsNullified, run.rowsQuarantined, run.restored].map(
      (rows) => html`<td class="number">${rows.toLocaleString('en-US')}</td>`,
    )}
  </tr>`;

function unproved(keys: readonly NotValidKey[]): Html {
  if (keys.length === 0) return NOTHING;
  return html`<h3>Keys that are not valid yet</h3>
    <ul>
      ${keys.map(
        ({ constraint, child, parent, enforced }) =>
          html`<li>
            <code>${constraint}</code>: ${placeLabel(child)} →
            ${placeLabel(parent)}${enforced ? '' : ', NOT ENFORCED: it stops nothing'}
          </li>`,
      )}
    </ul>`;
}
