import dagre from '@dagrejs/dagre';
import { alg, Graph } from '@dagrejs/graphlib';
import type { Arrow, Box, Diagram } from './diagram';
import { packed, type Placed } from './packing';
import { sizeOf, type Size } from './text-size';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedBox extends Point, Size {
  readonly box: Box;
}

/** An arrow along its points; `label` is the middle of its words. */
export interface PlacedArrow {
  readonly arrow: Arrow;
  readonly points: readonly Point[];
  readonly label: Point;
}

/** A diagram with a place for everything, in pixels; x and y are middles. */
export interface Arrangement extends Size {
  readonly boxes: readonly PlacedBox[];
  readonly arrows: readonly PlacedArrow[];
}

const PADDING = { width: 20, height: 14 };
/** Room beside a box for an arrow that comes back to it, which the layout knows nothing of. */
const LOOP = 34;

/** Lays out each group of tables that hang together by itself, and packs the groups. */
export function arrange({ boxes, arrows }: Diagram): Arrangement {
  const whole = new Graph<object, object, object>({ directed: true, multigraph: true });
  for (const { id } of boxes) whole.setNode(id, {});
  for (const { from, to } of arrows) whole.setEdge(from, to, {});
  return packed(
    alg.components(whole).map((ids) =>
      component(
        boxes.filter(({ id }) => ids.includes(id)),
        arrows.filter(({ from }) => ids.includes(from)),
      ),
    ),
  );
}

function component(boxes: readonly Box[], arrows: readonly Arrow[]): Placed {
  const loops = arrows.filter(({ from, to }) => from === to);
  const others = arrows.filter(({ from, to }) => from !== to);
  const graph = new dagre.graphlib.Graph({ directed: true, multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 18, ranksep: 46, edgesep: 14, marginx: 10, marginy: 10 });
  const own = new Map(boxes.map((box) => [box.id, boxSize(box)]));
  for (const box of boxes) graph.setNode(box.id, outerSize(box, own.get(box.id), loops));
  others.forEach((arrow, i) => graph.setEdge(arrow.from, arrow.to, { ...sizeOf(arrow.lines), labelpos: 'c' }, `${i}`));
  dagre.layout(graph);
  const placed = boxes.map((box): PlacedBox => {
    const { x = 0, y = 0, width = 0 } = graph.node(box.id) as Partial<Point & Size>;
    const size = own.get(box.id) ?? { width: 0, height: 0 };
    return { box, x: x - (width - size.width) / 2, y, ...size };
  });
  const { width = 0, height = 0 } = graph.graph() as Partial<Size>;
  return {
    width,
    height,
    boxes: placed,
    arrows: [
      ...others.map((arrow, i) => {
        const { points, x = 0, y = 0 } = graph.edge({ v: arrow.from, w: arrow.to, name: `${i}` }) as Partial<Point> & {
          readonly points: readonly Point[];
        };
        return { arrow, points, label: { x, y } };
      }),
      ...loops.map((arrow, i) => loopAt(arrow, placed.find(({ box }) => box.id === arrow.from), i)),
    ],
  };
}

function boxSize({ lines }: Box): Size {
  const text = sizeOf(lines);
  return { width: text.width + PADDING.width, height: text.height + PADDING.height };
}

/** With the arrows that come back to the box, and their words, on its right. */
function outerSize({ id }: Box, size: Size = { width: 0, height: 0 }, loops: readonly Arrow[]): Size {
  const own = loops.filter(({ from }) => from === id).map(({ lines }) => sizeOf(lines));
  if (own.length === 0) return size;
  return {
    width: size.width + 2 * (LOOP + Math.max(...own.map(({ width }) => width))),
    height: Math.max(size.height, own.reduce((sum, { height }) => sum + height + 10, 20)),
  };
}

function loopAt(arrow: Arrow, box: PlacedBox | undefined, turn: number): PlacedArrow {
  const { x, y, width, height } = box ?? { x: 0, y: 0, width: 0, height: 0 };
  const right = x + width / 2;
  const reach = right + LOOP - 6 + turn * 4;
  const words = sizeOf(arrow.lines);
  return {
    arrow,
    points: [
      { x: right, y: y - height / 4 },
      { x: reach, y: y - height / 2 },
      { x: reach, y: y + height / 2 },
      { x: right, y: y + height / 4 },
    ],
    label: { x: reach + words.width / 2, y },
  };
}
