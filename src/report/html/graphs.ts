import type { Report } from '../../outcome';
import { groupBy } from '../../group-by';
import { count } from '../layout';
import { arrange } from './arrangement';
import type { Diagram } from './diagram';
import { drawing } from './drawing';
import { fullDiagram } from './full-diagram';
import { html, NOTHING, type Html } from './markup';
import { wrongDiagram } from './wrong-diagram';

/** A drawing of more tables says nothing to anybody, and takes seconds to lay out. */
const MOST_TABLES = 300;
/** A drawing that is wider than the page is shown whole first where it can still be read. */
const PAGE = { width: 1_100, readable: 1_400 };

/** The graph of what is wrong. */
export function wrongGraphSection({ findings }: Report): Html {
  if (findings.length === 0) return NOTHING;
  const diagram = wrongDiagram(findings);
  const body =
    diagram.boxes.length > MOST_TABLES
      ? html`<p>
          ${count(diagram.boxes.length, 'table')} have something wrong: too many to draw. The findings below
          can be filtered.
        </p>`
      : html`${figure(diagram, 'wrong')}${LEGEND}`;
  return html`<section aria-labelledby="wrong">
    <h2 id="wrong">What is wrong</h2>
    ${body}
  </section>`;
}

function figure(diagram: Diagram, id: string): Html {
  const arranged = arrange(diagram);
  const fits = arranged.width <= PAGE.readable ? ' fit' : '';
  const button = html`<p class="no-print">
    <button type="button" class="size" hidden>Fit to the page</button>
  </p>`;
  return html`${arranged.width > PAGE.width ? button : NOTHING}
    <figure class="scroll${fits}" tabindex="0" role="group" aria-labelledby="${id}">
      ${drawing(arranged, id)}
    </figure>`;
}

const sample = (look: string, words: string): Html =>
  html`<li>
    <svg width="38" height="10" aria-hidden="true">
      <g class="arrow ${look}"><path d="M1 5H37" /></g>
    </svg>
    ${words}
  </li>`;

/** Nobody needs the colours: lines and words say it all. */
const LEGEND = html`<ul class="legend">
  ${[
    sample('missing unguarded error', 'dashed: no key stands guard'),
    sample('orphans error', 'thick: rows without a parent'),
    sample('wrong warning', 'thin: a key that is not what it should be'),
  ]}
  <li class="faint">An arrow leads from child to parent, and is a link to its finding.</li>
</ul>`;

/** Everything, folded away. */
export function fullGraphSection(report: Report): Html {
  if (report.relations.length === 0) return NOTHING;
  const diagram = fullDiagram(report);
  const body = diagram.boxes.length > MOST_TABLES ? perSchema(report) : figure(diagram, 'everything');
  return html`<section aria-labelledby="everything">
    <h2 id="everything">All relations</h2>
    <details>
      <summary>
        ${count(report.relations.length, 'relation')} between ${count(diagram.boxes.length, 'table')}
      </summary>
      ${body}
    </details>
  </section>`;
}

const perSchema = ({ relations }: Report): Html =>
  html`<p>Too many tables for a drawing; these are the schemas of the children:</p>
    <div class="scroll" tabindex="0" role="group" aria-labelledby="everything">
      <table>
        <thead>
          <tr>
            <th scope="col">Schema</th>
            <th scope="col" class="number">Relations</th>
            <th scope="col" class="number">Healthy</th>
          </tr>
        </thead>
        <tbody>
          ${[...groupBy(relations, ({ child }) => child.schema)].map(
            ([schema, own]) =>
              html`<tr>
                <th scope="row">${schema}</th>
                ${[own.length, own.filter(({ healthy }) => healthy).length].map(
                  (number) => html`<td class="number">${number.toLocaleString('en-US')}</td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
