import type { Arrangement, PlacedArrow, PlacedBox, Point } from './arrangement';
import { sizeOf, type Size } from './text-size';

const GAP = 22;
const MARGIN = 8;
/** What a page shows without scrolling. */
const PAGE = 1_080;

/** Puts the parts beside and below each other, the tallest first, in rows as wide as a page: a wider part has its own. */
export function packed(parts: readonly Arrangement[]): Arrangement {
  const boxes: PlacedBox[] = [];
  const arrows: PlacedArrow[] = [];
  let [x, y, row, widest] = [0, 0, 0, 0];
  for (const part of parts.toSorted((a, b) => b.height - a.height)) {
    if (x > 0 && x + part.width > PAGE) [x, y, row] = [0, y + row + GAP, 0];
    boxes.push(...part.boxes.map((box) => ({ ...box, ...moved(box, x, y) })));
    arrows.push(...part.arrows.map((arrow) => movedArrow(arrow, x, y)));
    [row, widest] = [Math.max(row, part.height), Math.max(widest, x + part.width)];
    x += part.width + GAP;
  }
  return { boxes, arrows, width: widest, height: y + row };
}

/** A part that begins at the corner and is as large as what is in it, arrows that bulge out included. */
export function bounded(boxes: readonly PlacedBox[], arrows: readonly PlacedArrow[]): Arrangement {
  const corners = [
    ...boxes.flatMap(cornersOf),
    ...arrows.flatMap(({ arrow, label, points }) => [
      ...cornersOf({ ...label, ...sizeOf(arrow.lines) }),
      ...points,
    ]),
  ];
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  const [left, top] = [Math.min(...xs) - MARGIN, Math.min(...ys) - MARGIN];
  return {
    boxes: boxes.map((box) => ({ ...box, ...moved(box, -left, -top) })),
    arrows: arrows.map((arrow) => movedArrow(arrow, -left, -top)),
    width: Math.max(...xs) + MARGIN - left,
    height: Math.max(...ys) + MARGIN - top,
  };
}

const cornersOf = ({ x, y, width, height }: Point & Size): readonly Point[] => [
  { x: x - width / 2, y: y - height / 2 },
  { x: x + width / 2, y: y + height / 2 },
];

const moved = (point: Point, right: number, down: number): Point => ({
  x: point.x + right,
  y: point.y + down,
});

const movedArrow = ({ arrow, points, label }: PlacedArrow, right: number, down: number): PlacedArrow => ({
  arrow,
  points: points.map((point) => moved(point, right, down)),
  label: moved(label, right, down),
});
