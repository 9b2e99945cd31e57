import type { Arrangement, PlacedArrow, PlacedBox, Point } from './arrangement';
import { html, NOTHING, type Html } from './markup';
import { loopAlong, pathThrough, round } from './path';
import { LINE_HEIGHT, shortened, sizeOf } from './text-size';

/** An arrangement as SVG. `name` keeps the ids of two drawings on one page apart. Words lie above all arrows. */
export const drawing = ({ boxes, arrows, width, height }: Arrangement, name: string): Html =>
  html`<svg
    class="diagram"
    viewBox="0 0 ${round(width)} ${round(height)}"
    width="${round(width)}"
    height="${round(height)}"
    role="group"
    aria-label="Tables and their foreign keys"
  >
    <defs>${HEADS.map((look) => head(look, name))}</defs>
    ${arrows.map((arrow) => line(arrow, name))} ${boxes.map(boxShape)}
    ${arrows.filter(({ arrow }) => arrow.lines.length > 0).map(words)}
  </svg>`;

const HEADS = ['error', 'warning', 'info', 'healthy'] as const;

const head = (look: string, name: string): Html =>
  html`<marker
    id="${name}-${look}"
    class="head ${look}"
    viewBox="0 0 8 8"
    refX="7"
    refY="4"
    markerWidth="9"
    markerHeight="9"
    orient="auto"
    markerUnits="userSpaceOnUse"
    ><path d="M0 0 8 4 0 8Z"
  /></marker>`;

/** An arrow without words is itself the link to its finding. */
function line({ arrow, points }: PlacedArrow, name: string): Html {
  const { title, target, lines } = arrow;
  const look = `${arrow.look}${arrow.unguarded ? ' unguarded' : ''}`;
  const severity = arrow.severity ?? 'healthy';
  const shape = html`<g class="arrow ${look} ${severity}"
    ><title>${title}</title>
    <path
      d="${arrow.from === arrow.to ? loopAlong(points) : pathThrough(points)}"
      marker-end="url(#${name}-${severity})"
    />
  </g>`;
  return target === undefined || lines.length > 0
    ? shape
    : html`<a href="#${target}" aria-label="${title}">${shape}</a>`;
}

function words({ arrow: { lines, severity, target }, label }: PlacedArrow): Html {
  const { width, height } = sizeOf(lines);
  const shape = html`<g class="words ${severity ?? ''}"
    ><rect
      x="${round(label.x - width / 2 - 6)}"
      y="${round(label.y - height / 2 - 1)}"
      width="${round(width + 12)}"
      height="${round(height + 2)}"
      rx="3"
    />
    ${text(lines, label)}
  </g>`;
  return target === undefined ? shape : html`<a href="#${target}">${shape}</a>`;
}

const boxShape = ({ box: { lines, severity }, x, y, width, height }: PlacedBox): Html =>
  html`<g class="box ${severity ?? ''}"
    ><title>${lines.join(', ')}</title>
    <rect
      x="${round(x - width / 2)}"
      y="${round(y - height / 2)}"
      width="${round(width)}"
      height="${round(height)}"
      rx="5"
    />
    ${text(lines, { x, y })}
  </g>`;

function text(lines: readonly string[], { x, y }: Point): readonly Html[] {
  const top = y - ((lines.length - 1) * LINE_HEIGHT) / 2 + 4;
  // The spaces between them are for who hears the words instead of seeing them.
  return lines.map(
    (words, i) =>
      html`<text${i === 0 ? FIRST : NOTHING} x="${round(x)}" y="${round(top + i * LINE_HEIGHT)}">${shortened(words)}</text> `,
  );
}

const FIRST = html` class="name"`;
