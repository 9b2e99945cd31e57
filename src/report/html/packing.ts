import type { Arrangement, PlacedArrow, PlacedBox, Point } from './arrangement';

export type Placed = Arrangement;

const GAP = 26;
const WIDEST = 1_080;

/** Puts the parts beside and below each other, the tallest first, in rows that fit on a page where the parts do. */
export function packed(parts: readonly Placed[]): Arrangement {
  const width = Math.max(WIDEST, ...parts.map((part) => part.width));
  const boxes: PlacedBox[] = [];
  const arrows: PlacedArrow[] = [];
  let [x, y, row, widest] = [0, 0, 0, 0];
  for (const part of parts.toSorted((a, b) => b.height - a.height)) {
    if (x > 0 && x + part.width > width) [x, y, row] = [0, y + row + GAP, 0];
    boxes.push(...part.boxes.map((box) => ({ ...box, ...moved(box, x, y) })));
    arrows.push(...part.arrows.map((arrow) => movedArrow(arrow, x, y)));
    [x, row, widest] = [x + part.width + GAP, Math.max(row, part.height), Math.max(widest, x + part.width)];
  }
  return { boxes, arrows, width: widest, height: y + row };
}

const moved = (point: Point, right: number, down: number): Point => ({ x: point.x + right, y: point.y + down });

const movedArrow = ({ arrow, points, label }: PlacedArrow, right: number, down: number): PlacedArrow => ({
  arrow,
  points: points.map((point) => moved(point, right, down)),
  label: moved(label, right, down),
});
