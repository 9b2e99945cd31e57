import { pageAssets } from '../../src/cli/page-assets';
import type { Finding } from '../../src/finding';
import type { ReportRelation } from '../../src/outcome';
import { arrange } from '../../src/report/html/arrangement';
import { fullDiagram } from '../../src/report/html/full-diagram';
import { htmlReport } from '../../src/report/html/page';
import { orphans, report, unclaimed, wrongAction } from './samples';

const assets = pageAssets();

/** The page in one line, without what is the same on all of them. */
const pageOf = (findings: readonly Finding[], relations: readonly ReportRelation[]): string =>
  htmlReport(
    {
      report: report(findings, { relations }),
      madeAt: '2026-11-28T01:11:00.000Z',
      tool: { name: 'sequelize-fk-guard', version: '0.1.0' },
    },
    assets,
  )
    .replace(assets.style.text, '')
    .replace(assets.script.text, '')
    .replace(/\s+/g, ' ');

/** Relations between `tables` tables, from each to the one after it, round and round. */
const circle = (all: number, tables: number): readonly ReportRelation[] =>
  Array.from({ length: all }, (_, i) => ({
    id: `T.next${i}`,
    child: { schema: i % 2 === 0 ? 'even' : 'odd', table: `t${i % tables}`, columns: [`next${i}`] },
    parent: { schema: (i + 1) % 2 === 0 ? 'even' : 'odd', table: `t${(i + 1) % tables}`, columns: ['id'] },
    healthy: i > 0,
  }));

const at = (finding: Finding, { id, child, parent }: ReportRelation): Finding => ({
  ...finding,
  id,
  relation: id,
  child,
  parent,
});

const arrowsIn = (page: string, id: string): number =>
  page.match(new RegExp(`marker-end="url\\(#${id}-`, 'g'))?.length ?? 0;

test.each([
  ['arrows', 451, 10, 450],
  ['tables', 302, 302, 300],
])('too many %s are no drawing: every relation is in the list, by schema', (_what, all, tables, most) => {
  const some = pageOf([], circle(most, Math.min(most, tables)));
  expect(arrowsIn(some, 'everything')).toBe(most);
  expect(some).not.toContain('Too much for one drawing');

  const relations = circle(all, tables);
  const page = pageOf([at(wrongAction, relations[0]!)], relations);

  expect(arrowsIn(page, 'everything')).toBe(0);
  expect(page).toContain('Too much for one drawing. What is wrong stands above.');
  for (const schema of ['even', 'odd']) {
    const own = relations.filter(({ child }) => child.schema === schema);
    const healthy = own.filter((relation) => relation.healthy).length;
    expect(page).toContain(`<strong>${schema}</strong>: ${own.length} relations, ${healthy} healthy`);
  }
  for (const { child, parent } of relations)
    expect(page).toContain(
      `${child.schema}.${child.table} (${child.columns[0]}) → ${parent.schema}.${parent.table} (id)`,
    );
  expect(page).toContain('(id): <a href="#finding-1">what is wrong</a> </li>');
});

test('of too much that is wrong the worst is drawn, and it is said how much that is', () => {
  const relations = circle(500, 60);
  const findings = relations.map((relation, i) =>
    at(i % 5 === 4 ? orphans : { ...wrongAction, severity: i % 5 === 3 ? 'error' : 'warning' }, relation),
  );
  const alone = { ...unclaimed, child: { schema: 'lonely', table: 'tags', columns: ['book'] } };
  const page = pageOf([...findings, alone], relations);

  expect(page).toContain(
    '500 relations between 61 tables have something wrong. The worst 450 are drawn, errors first; the findings below tell all of them.',
  );
  const drawn = (look: string): number =>
    page.match(new RegExp(`<g class="arrow ${look}"`, 'g'))?.length ?? 0;
  // The legend has one of each look, too.
  expect([drawn('orphans error'), drawn('wrong error'), drawn('wrong warning')]).toEqual([101, 100, 251]);
  expect(page).toContain('<title>lonely.tags, unclaimed-foreign-key</title>');
  expect(page.match(/<details class="finding/g)).toHaveLength(501);
});

test('a relation whose only finding names no parent keeps its arrow, and the arrow its finding', () => {
  const [relation] = circle(1, 2);
  const { parent: _parent, ...orphaned } = at(orphans, relation!);
  const { boxes, arrows } = fullDiagram(report([unclaimed, orphaned], { relations: [relation!] }));

  expect(arrows).toMatchObject([{ look: 'orphans', severity: 'error', target: 'finding-2' }]);
  const ends = [arrows[0]?.from, arrows[0]?.to].map((end) => boxes.find(({ id }) => id === end)?.lines[0]);
  expect(ends).toEqual(['even.t0', 'odd.t1']);
});

test('a relation that is not healthy and has no finding is not called right', () => {
  const { arrows } = fullDiagram(report([], { relations: circle(2, 3) }));
  expect(arrows.map(({ title }) => title)).toEqual([
    'T.next0: not healthy, and nothing is told of it',
    'T.next1: nothing is wrong',
  ]);
});

test('a box has room for its name as it is written out, and no line of a tooltip is an escape', () => {
  const box = { id: 'a', lines: ['x\u202ey'], severity: undefined };
  const written = { ...box, lines: ['x\\u202ey'] };
  const widthOf = (one: typeof box): number => arrange({ boxes: [one], arrows: [] }).width;
  expect(widthOf(box)).toBe(widthOf(written));

  const [relation] = circle(1, 2);
  const missing = { ...at(orphans, relation!), kind: 'missing-foreign-key' as const };
  const page = pageOf([at(orphans, relation!), missing], [relation!]);
  expect(page.match(/<title>[^<]*orphaned-rows[^<]*<\/title>/g)).toHaveLength(2);
  expect(page).not.toContain('\\n');
});
