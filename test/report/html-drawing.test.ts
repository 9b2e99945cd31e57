import { arrange } from '../../src/report/html/arrangement';
import type { Arrow, Diagram } from '../../src/report/html/diagram';
import { shortened } from '../../src/report/html/text-size';

describe('the drawing', () => {
  const arrow = (from: string, to: string, column: string): Arrow => ({
    from,
    to,
    lines: [column, 'missing-foreign-key'],
    title: column,
    look: 'missing',
    unguarded: true,
    severity: 'error',
    target: undefined,
  });
  const diagram = (names: string, ...arrows: Arrow[]): Diagram => ({
    boxes: [...names].map((id) => ({ id, lines: [`public.${id}`], severity: undefined })),
    arrows,
  });

  it('gives every arrow ends of its own, also between the same two tables and in circles', () => {
    const { arrows } = arrange(
      diagram(
        'abc',
        arrow('a', 'b', '1'),
        arrow('a', 'b', '2'),
        arrow('b', 'a', '3'),
        arrow('c', 'b', '4'),
        arrow('a', 'a', '5'),
        arrow('a', 'a', '6'),
      ),
    );
    const ends = arrows.flatMap(({ points }) => [points[0], points.at(-1)]);
    expect(new Set(ends.map((end) => JSON.stringify(end))).size).toBe(12);
    expect(new Set(arrows.map(({ label }) => JSON.stringify(label))).size).toBe(6);
  });

  it('begins arrows at their own child and ends them at their own parent, whatever hangs below it', () => {
    const { arrows, boxes } = arrange(
      diagram(
        'abc',
        arrow('a', 'b', '1'),
        arrow('b', 'c', '2'),
        ...['3', '4', '5'].map((n) => arrow('b', 'b', n)),
      ),
    );
    const apart = arrows
      .filter(({ arrow: { from, to } }) => from !== to)
      .flatMap(({ arrow: { from, to }, points }) =>
        [[from, points[0]] as const, [to, points.at(-1)] as const].map(([id, { x = 0, y = 0 } = {}]) => {
          const box = boxes.find((placed) => placed.box.id === id) ?? { x: 0, y: 0, width: 0, height: 0 };
          return { aside: Math.abs(x - box.x) - box.width / 2, within: Math.abs(y - box.y) < box.height / 2 };
        }),
      );
    expect(apart).toHaveLength(4);
    for (const { aside, within } of apart) {
      expect(aside).toBeCloseTo(0);
      expect(within).toBe(true);
    }
  });

  it('keeps the arrows to a table that many point at apart', () => {
    const { arrows } = arrange(diagram('abcdefghi', ...[...'abcdefgh'].map((id) => arrow(id, 'i', id))));
    const heights = arrows.map(({ points }) => points.at(-1)?.y ?? 0).toSorted((a, b) => a - b);
    const gaps = heights.slice(1).map((y, i) => y - (heights[i] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(7);
  });

  it('puts no group beyond the page because another one is wide', () => {
    const chain = 'abcdefghij';
    const { boxes } = arrange(
      diagram(
        `${chain}uvwxyz`,
        ...[...chain].slice(1).map((to, i) => arrow(chain[i] ?? '', to, to)),
        ...['uv', 'wx', 'yz'].map(([from = '', to = '']) => arrow(from, to, from)),
      ),
    );
    const right = boxes.filter(({ box }) => box.id >= 'u').map(({ x, width }) => x + width / 2);
    expect(Math.max(...right)).toBeLessThan(1_080);
    expect(Math.max(...boxes.map(({ x }) => x))).toBeGreaterThan(1_080);
  });

  it('keeps groups apart and everything inside', () => {
    const { boxes, arrows, width, height } = arrange(
      diagram(
        'abcdefgh',
        arrow('a', 'b', '1'),
        arrow('c', 'd', '2'),
        arrow('e', 'e', '3'),
        arrow('g', 'h', '4'),
      ),
    );
    for (const { x, y } of [...boxes, ...arrows.flatMap(({ points }) => points)]) {
      expect([x >= 0, y >= 0, x <= width, y <= height]).toEqual([true, true, true, true]);
    }
    const places = boxes.map(({ x, y }) => `${x} ${y}`);
    expect(new Set(places).size).toBe(8);
  });

  it('keeps the end of a name that is too long, by which it differs from its neighbours', () => {
    const long = `${'a'.repeat(63)}.${'b'.repeat(50)}`;
    const drawn = ['orders', 'order_lines'].map((end) => shortened(`${long}_${end}`));
    expect(drawn.map((text) => text.replace(/^a+…b+_/, ''))).toEqual(['orders', 'order_lines']);
    expect(drawn.map((text) => text.length)).toEqual([38, 38]);
  });
});
