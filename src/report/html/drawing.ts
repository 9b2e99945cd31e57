import { visible } from '../../visible';
import type { Arrangement, PlacedArrow, PlacedBox, Point } from './arrangement';
import { html, NOTHING, type Html } from './markup';
import { LINE_HEIGHT, shortened } from './text-size';

/** An arrangement as SVG. `name` keeps the ids of two drawings on one page apart. */
export const drawing = ({ boxes, arrows, width, height }: Arrangement, name: string): Html => html`<svg class="diagram" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}" role="group" aria-label="Tables and their foreign keys">
<defs>${HEADS.map((look) => head(look, name))}</defs>
${arrows.map((arrow) => arrowShape(arrow, name))}
${boxes.map(boxShape)}
</svg>`;

const HEADS = ['error', 'warning', 'info', 'healthy'] as const;

const head = (look: string, name: string): Html =>
  html`<marker id="${name}-${look}" class="head ${look}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto" markerUnits="userSpaceOnUse"><path d="M0 0 8 4 0 8Z"/></marker>`;

function arrowShape({ arrow, points, label }: PlacedArrow, name: string): Html {
  const { look, severity, lines, title, target } = arrow;
  const shape = html`<g class="arrow ${look} ${severity ?? 'healthy'}"><title>${title}</title>
<path d="${curve(points)}" marker-end="url(#${name}-${severity ?? 'healthy'})"/>
${lines.length === 0 ? NOTHING : text(lines, label)}
</g>`;
  return target === undefined ? shape : html`<a href="#${target}">${shape}</a>`;
}

const boxShape = ({ box: { lines, severity }, x, y, width, height }: PlacedBox): Html => html`<g class="box ${severity ?? ''}"><title>${lines.join('\n')}</title>
<rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" height="${round(height)}" rx="5"/>
${text(lines, { x, y })}
</g>`;

function text(lines: readonly string[], { x, y }: Point): Html {
  const top = y - ((lines.length - 1) * LINE_HEIGHT) / 2 + 4;
  return html`<text text-anchor="middle">${lines.map(
    (line, i) =>
      html`<tspan x="${round(x)}" y="${round(top + i * LINE_HEIGHT)}">${shortened(visible(line))}</tspan>`,
  )}</text>`;
}

/** Through the middles between the points, so that no corner is sharp. */
function curve([first, ...points]: readonly Point[]): string {
  if (!first) return '';
  const parts = [`M${at(first)}`];
  points.forEach((point, i) => {
    const next = points[i + 1];
    if (next && i + 2 < points.length) parts.push(`Q${at(point)} ${at(middle(point, next))}`);
    else if (next) parts.push(`Q${at(point)} ${at(next)}`);
    else if (points.length === 1) parts.push(`L${at(point)}`);
  });
  return parts.join('');
}

const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
const at = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;
const round = (number: number): number => Math.round(number * 10) / 10;
