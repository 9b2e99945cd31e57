import dagre from '@dagrejs/dagre';
import { alg, Graph } from '@dagrejs/graphlib';
import type { Arrow, Box, Diagram } from './diagram';
import { loopsBelow, sizeWithLoops } from './loops';
import { bounded, packed } from './packing';
import { withPorts } from './ports';
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

/** Dagre's own types cannot be resolved from CommonJS. It writes places into the labels of what it is given. */
const { layout } = dagre as unknown as { layout(graph: Layout): void };
type Layout = Graph<Partial<Size> & object, Size & Partial<Point>, Size & Partial<Route>>;
interface Route extends Point {
  readonly points: readonly Point[];
}

/** Between two arrows at one side of a box. */
const CLOSEST = 9;
const PADDING = { width: 22, height: 14 };
/** Beside words, where their arrow is seen. */
const BESIDE = 20;
const CENTRED = { labelpos: 'c' };
const SPACE = { rankdir: 'LR', nodesep: 18, ranksep: 72, edgesep: 16, marginx: 8, marginy: 8 };

/** Lays out each group of tables that hang together by itself, and packs the groups. */
export function arrange({ boxes, arrows }: Diagram): Arrangement {
  const whole = new Graph<object, object, object>({ directed: true, multigraph: true });
  for (const { id } of boxes) whole.setNode(id, {});
  for (const { from, to } of arrows) whole.setEdge(from, to, {});
  return packed(
    alg.components(whole).map((ids) => {
      const own = new Set(ids);
      return group(
        boxes.filter(({ id }) => own.has(id)),
        arrows.filter(({ from }) => own.has(from)),
      );
    }),
  );
}

/** Dagre knows nothing of arrows that come back to their own box: they get room below it. */
function group(boxes: readonly Box[], all: readonly Arrow[]): Arrangement {
  const loopsOf = ({ id }: Box): readonly Arrow[] => all.filter(({ from, to }) => from === id && to === id);
  const arrows = all.filter(({ from, to }) => from !== to);
  const graph: Layout = new Graph({ directed: true, multigraph: true });
  graph.setGraph(SPACE);
  for (const box of boxes) graph.setNode(box.id, { ...sizeWithLoops(sizeOfBox(box, arrows), loopsOf(box)) });
  arrows.forEach((arrow, i) =>
    graph.setEdge(arrow.from, arrow.to, { ...sizeOfWords(arrow), ...CENTRED }, String(i)),
  );
  layout(graph);
  const placed = boxes.map((box): PlacedBox => {
    const { x = 0, y = 0, height = 0 } = graph.node(box.id) ?? {};
    const size = sizeOfBox(box, arrows);
    return { box, x, y: y - (height - size.height) / 2, ...size };
  });
  const routes = arrows.map((arrow, i) =>
    routeOf(arrow, graph.edge({ v: arrow.from, w: arrow.to, name: String(i) })),
  );
  return bounded(placed, [
    ...withPorts(routes, placed),
    ...placed.flatMap((box) => loopsBelow(box, loopsOf(box.box))),
  ]);
}

function sizeOfWords({ lines }: Arrow): Size {
  const { width, height } = sizeOf(lines);
  return lines.length === 0 ? { width, height } : { width: width + BESIDE, height };
}

/** Straight through its own words. */
function routeOf(
  arrow: Arrow,
  { points = [], x = 0, y = 0, width = 0 }: Partial<Route & Size> = {},
): PlacedArrow {
  const label = { x, y };
  const back = (points.at(-1)?.x ?? 0) < (points[0]?.x ?? 0) ? -1 : 1;
  const through = points.flatMap((point) =>
    arrow.lines.length > 0 && Math.hypot(point.x - x, point.y - y) < 1
      ? [-1, 1].map((side) => ({ x: x + (side * back * (width - BESIDE)) / 2, y }))
      : [point],
  );
  return { arrow, points: through, label };
}

/** Room for the words, and for as many ends of arrows as come to one side of it. */
function sizeOfBox({ id, lines }: Box, arrows: readonly Arrow[]): Size {
  const text = sizeOf(lines);
  const [out, back] = [arrows.filter(({ from }) => from === id), arrows.filter(({ to }) => to === id)];
  return {
    width: text.width + PADDING.width,
    height: Math.max(text.height + PADDING.height, (Math.max(out.length, back.length) + 1) * CLOSEST),
  };
}
