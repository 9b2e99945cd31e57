import type { Report } from '../../outcome';
import { count } from '../layout';
import { arrange } from './arrangement';
import type { Diagram } from './diagram';
import { drawing } from './drawing';
import { fullDiagram } from './full-diagram';
import { isDrawable, worstOf } from './limits';
import { html, NOTHING, type Html } from './markup';
import { relationList } from './relation-list';
import { wrongDiagram } from './wrong-diagram';

/** A drawing that is wider than the page is shown whole first where it can still be read. */
const PAGE = { width: 1_100, readable: 1_400 };

/** The graph of what is wrong. */
export function wrongGraphSection({ findings }: Report): Html {
  if (findings.length === 0) return NOTHING;
  const diagram = wrongDiagram(findings);
  const drawn = isDrawable(diagram) ? diagram : worstOf(diagram);
  const left =
    drawn === diagram
      ? NOTHING
      : html`<p>
          ${count(diagram.arrows.length, 'relation')} between ${count(diagram.boxes.length, 'table')} have
          something wrong. The worst ${drawn.arrows.length.toLocaleString('en-US')} are drawn, errors first;
          the findings below tell all of them.
        </p>`;
  return html`<section aria-labelledby="wrong">
    <h2 id="wrong">What is wrong</h2>
    ${left} ${figure(drawn, 'wrong')}${LEGEND}
  </section>`;
}

function figure(diagram: Diagram, id: string): Html {
  const arranged = arrange(diagram);
  const fits = arranged.width <= PAGE.readable ? ' fit' : '';
  const button = html`<p class="no-print">
    <button type="button" class="size" hidden>Fit to the page</button>
    <span class="faint wide">The drawing is wider than the page: scroll in it to see the rest.</span>
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
  const body = isDrawable(diagram) ? figure(diagram, 'everything') : relationList(report);
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
