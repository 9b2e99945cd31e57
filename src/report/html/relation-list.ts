import { groupBy } from '../../group-by';
import type { Report, ReportRelation } from '../../outcome';
import { count, placeLabel } from '../layout';
import { anchorOf } from './anchor';
import { html, NOTHING, type Html } from './markup';

/** All relations in words, by the schema of the child, where there are too many for a drawing. */
export function relationList({ relations, findings }: Report): Html {
  const findingOf = new Map(findings.map(({ relation }, i) => [relation, anchorOf(i)] as const).toReversed());
  return html`<p>
      Too much for one drawing.${findings.length > 0 ? ' What is wrong stands above.' : ''} All relations, by
      the schema of the child:
    </p>
    ${[...groupBy(relations, ({ child }) => child.schema)].map(
      ([schema, own]) =>
        html`<details class="schema">
          <summary>
            <strong>${schema}</strong>: ${count(own.length, 'relation')},
            ${own.filter(({ healthy }) => healthy).length.toLocaleString('en-US')} healthy
          </summary>
          <ul>
            ${own.map((relation) => item(relation, findingOf.get(relation.id)))}
          </ul>
        </details>`,
    )}`;
}

const item = ({ child, parent, healthy }: ReportRelation, finding: string | undefined): Html =>
  html`<li>
    ${placeLabel(child)} →
    ${placeLabel(parent)}${finding === undefined ? (healthy ? NOTHING : ': not healthy') : html`: <a href="#${finding}">what is wrong</a>`}
  </li>`;
