import type { Point } from './arrangement';

/** Out of a box and back into it. */
export const loopAlong = ([from, ...others]: readonly Point[]): string =>
  from ? `M${at(from)}C${others.map(at).join(' ')}` : '';

/** Through all points, level where it passes them: children are left of their parents, and no corner is sharp. */
export function pathThrough(points: readonly Point[]): string {
  const [first, ...others] = points;
  if (!first) return '';
  let from = first;
  return [
    `M${at(first)}`,
    ...others.map((to) => {
      const half = (from.x + to.x) / 2;
      const part =
        from.y === to.y
          ? `H${round(to.x)}`
          : `C${at({ x: half, y: from.y })} ${at({ x: half, y: to.y })} ${at(to)}`;
      from = to;
      return part;
    }),
  ].join('');
}

const at = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;

/** To a tenth of a pixel. */
export const round = (number: number): number => Math.round(number * 10) / 10;
