import { groupBy } from '../../group-by';
import type { PlacedArrow, PlacedBox, Point } from './arrangement';

/** One end of an arrow, at the box that it is at. */
interface End {
  readonly arrow: number;
  readonly which: 'first' | 'last';
  readonly box: PlacedBox;
  readonly side: 'left' | 'right';
  /** Where the arrow comes from or goes to next. */
  readonly beyond: Point;
}

/** The most that two ends are apart. */
const APART = 14;

/**
 * Gives each arrow a place of its own on the left or right side of its boxes, in the order in which arrows come and go:
 * two that meet in one point look like one.
 */
export function withPorts(
  arrows: readonly PlacedArrow[],
  boxes: readonly PlacedBox[],
): readonly PlacedArrow[] {
  const boxOf = new Map(boxes.map((placed) => [placed.box.id, placed]));
  const ends = arrows.flatMap(({ arrow, points }, i) => [
    ...endAt(i, 'first', boxOf.get(arrow.from), points.at(1)),
    ...endAt(i, 'last', boxOf.get(arrow.to), points.at(-2)),
  ]);
  const ports = new Map<string, Point>();
  for (const group of groupBy(ends, ({ box, side }) => `${box.box.id} ${side}`).values())
    group
      .toSorted((a, b) => a.beyond.y - b.beyond.y || a.arrow - b.arrow)
      .forEach((end, i) => ports.set(`${end.arrow} ${end.which}`, portOf(end, i, group.length)));
  return arrows.map((placed, i) => ({
    ...placed,
    points: placed.points.map(
      (point, at) =>
        (at === 0 ? ports.get(`${i} first`) : undefined) ??
        (at === placed.points.length - 1 ? ports.get(`${i} last`) : undefined) ??
        point,
    ),
  }));
}

const endAt = (
  arrow: number,
  which: End['which'],
  box: PlacedBox | undefined,
  beyond: Point | undefined,
): readonly End[] =>
  box && beyond ? [{ arrow, which, box, beyond, side: beyond.x < box.x ? 'left' : 'right' }] : [];

function portOf({ box: { x, y, width, height }, side }: End, index: number, all: number): Point {
  const step = Math.min(APART, height / (all + 1));
  return {
    x: side === 'left' ? x - width / 2 : x + width / 2,
    y: y + (index - (all - 1) / 2) * step,
  };
}
