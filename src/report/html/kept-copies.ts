import type { Status } from '../../status/status';
import { ageLabel, bytesLabel, count } from '../layout';
import { restoreCommand } from '../status-text';
import { html, lines, NOTHING, type Html } from './markup';

/** The copies that are kept, of which table, and the commands that put them back. */
export function quarantineSection({ quarantine, runs }: Status): Html {
  if (quarantine.rows === 0) return NOTHING;
  const commands = runs.flatMap((run) => restoreCommand(run) ?? []);
  return html`<section aria-labelledby="quarantine">
    <h2 id="quarantine">Quarantine</h2>
    <p>
      ${count(quarantine.rows, 'copy', 'copies')}, ${bytesLabel(quarantine.bytes)} on disk. Nothing is removed
      by itself.
    </p>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="quarantine">
      <table>
        <thead>
          <tr>
            <th scope="col">Table</th>
            <th scope="col" class="number">Copies</th>
            <th scope="col" class="number">Not put back</th>
            <th scope="col">Oldest</th>
          </tr>
        </thead>
        <tbody>
          ${quarantine.tables.map(row)}
        </tbody>
      </table>
    </div>
    ${
      commands.length === 0
        ? NOTHING
        : html`<p>To put rows back, the latest run first:</p>
            <pre>${lines(commands.map((command) => `npx ${command}`).join('\n'))}</pre>`
    }
  </section>`;
}

const row = ({ table, rows, open, oldestMs }: Status['quarantine']['tables'][number]): Html =>
  html`<tr>
    <th scope="row">${table}</th>
    ${[rows, open].map((number) => html`<td class="number">${number.toLocaleString('en-US')}</td>`)}
    <td>${oldestMs === undefined ? '' : ageLabel(oldestMs)}</td>
  </tr>`;
