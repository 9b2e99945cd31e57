import { verdictOf, type Row } from './figures';
import { lineOf } from './words';

const WIDTH = 1040;
const LEFT = 450;
/** Where the bars end; what they say stands beside them. */
const RIGHT = 850;
const LINE = 26;
const TOP = 56;
/** One hundredth of what is asked to ten times as much. */
const [LEAST, MOST] = [-2, 1];

interface Bar {
  readonly title: string;
  readonly share: number;
  readonly label: string;
}

/** Every target as a bar: how far the figure is from it, on a logarithmic scale. Left of the line is reached. */
export function chartOf(rows: readonly Row[]): string {
  const bars = rows.flatMap(barOf);
  const height = TOP + bars.length * LINE + 20;
  const target = x(1);
  const ticks = [0.01, 0.1, 1, 10].map(
    (share) =>
      `<text x="${x(share)}" y="${TOP - 12}" text-anchor="middle" fill="#57606a">${share === 1 ? 'asked' : `${share} ×`}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" font-family="system-ui, sans-serif" font-size="12">`,
    '<title>How far each figure is from what was asked</title>',
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    '<text x="12" y="22" font-size="15" fill="#1f2328">Figure ÷ target, logarithmic: shorter is better, left of the line is reached</text>',
    ...ticks,
    ...bars.map(drawn),
    `<line x1="${target}" x2="${target}" y1="${TOP - 6}" y2="${height - 14}" stroke="#1f2328" stroke-dasharray="4 3"/>`,
    '</svg>',
    '',
  ].join('\n');
}

function barOf(row: Row): readonly Bar[] {
  const share = verdictOf(row)?.share;
  if (share === undefined) return [];
  const { figure, asked } = lineOf(row);
  return [{ title: row.title, share, label: `${figure} (${asked})` }];
}

function drawn({ title, share, label }: Bar, index: number): string {
  const y = TOP + index * LINE;
  const [colour, verdict] = share <= 1 ? ['#1a7f37', 'reached'] : ['#cf222e', 'not reached'];
  return (
    `<g><title>${escaped(`${title}: ${verdict}`)}</title>` +
    `<text x="${LEFT - 8}" y="${y + 14}" text-anchor="end" fill="#1f2328">${escaped(title)}</text>` +
    `<rect x="${LEFT}" y="${y + 3}" width="${Math.max(1, x(share) - LEFT)}" height="15" fill="${colour}"/>` +
    `<text x="${RIGHT + 12}" y="${y + 15}" fill="#1f2328">${escaped(label)}</text></g>`
  );
}

/** Where a share of what is asked lies. */
function x(share: number): number {
  // What a guarded sync took longer than a plain one may by chance be less than nothing.
  const exponent = share > 0 ? Math.min(MOST, Math.max(LEAST, Math.log10(share))) : LEAST;
  return Math.round(LEFT + ((exponent - LEAST) / (MOST - LEAST)) * (RIGHT - LEFT));
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
