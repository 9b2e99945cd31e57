import type { Arrow, Box, Diagram } from './diagram';

/** More says nothing to anybody, and arrows cost: with 1,000 that go in circles dagre takes a quarter of a minute. */
const MOST = { boxes: 300, arrows: 450 } as const;

export const isDrawable = ({ boxes, arrows }: Diagram): boolean =>
  boxes.length <= MOST.boxes && arrows.length <= MOST.arrows;

/** As much of a diagram as can be drawn: errors first, and of those rows without a parent. */
export function worstOf({ boxes, arrows }: Diagram): Diagram {
  const wanted = arrows.toSorted(worseFirst).slice(0, MOST.arrows);
  const ids = new Set<string>();
  const drawn = wanted.filter(({ from, to }) => {
    if (new Set([...ids, from, to]).size > MOST.boxes) return false;
    ids.add(from).add(to);
    return true;
  });
  const alone = boxes.filter(({ id, severity }) => severity !== undefined && !ids.has(id));
  for (const { id } of alone.toSorted(worseFirst).slice(0, MOST.boxes - ids.size)) ids.add(id);
  return { boxes: boxes.filter(({ id }) => ids.has(id)), arrows: drawn };
}

const SEVERITIES = ['error', 'warning', 'info', undefined] as const;

const rank = ({ severity, look }: Pick<Box, 'severity'> & Partial<Pick<Arrow, 'look'>>): number =>
  SEVERITIES.indexOf(severity) * 2 + (look === 'orphans' ? 0 : 1);

const worseFirst = (a: Parameters<typeof rank>[0], b: Parameters<typeof rank>[0]): number =>
  rank(a) - rank(b);
