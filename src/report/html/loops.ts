import type { PlacedArrow, PlacedBox } from './arrangement';
import type { Arrow } from './diagram';
import { sizeOf, type Size } from './text-size';

/** From the box down to the words of an arrow that comes back to it, and from those to the next. */
const DROP = 16;
/** Half the width of the innermost; each further one goes around it. */
const REACH = 12;
const STEP = 12;

/** The room that a box takes with the arrows that lead from it to itself, which hang below it. */
export function sizeWithLoops({ width, height }: Size, loops: readonly Arrow[]): Size {
  const words = loops.map(({ lines }) => sizeOf(lines));
  return {
    width: Math.max(width, ...words.map((size) => size.width)),
    height: height + words.reduce((sum, size) => sum + DROP + size.height, 0),
  };
}

/** Those arrows, one below the other. */
export function loopsBelow({ x, y, height }: PlacedBox, loops: readonly Arrow[]): readonly PlacedArrow[] {
  const bottom = y + height / 2;
  let low = bottom;
  return loops.map((arrow, i) => {
    const words = sizeOf(arrow.lines);
    const [top, reach] = [low + DROP, REACH + i * STEP];
    // A curve comes three quarters as far as what it is drawn to.
    const turn = bottom + (top - 3 - bottom) / 0.75;
    low = top + words.height;
    return {
      arrow,
      points: [
        { x: x + reach, y: bottom },
        { x: x + reach, y: turn },
        { x: x - reach, y: turn },
        { x: x - reach, y: bottom },
      ],
      label: { x, y: top + words.height / 2 },
    };
  });
}
