import { createDatabase, type TestDatabase } from '../postgres/database';
import type { Finding } from '../../src/finding';
import { dotText } from '../../src/report/dot';
import { githubText } from '../../src/report/github';
import { jsonDocument, jsonText, planBody, type JsonBody } from '../../src/report/json';
import { markdownPlan, markdownReport } from '../../src/report/markdown';
import { mermaidText } from '../../src/report/mermaid';
import { endLine } from '../../src/report/ndjson';
import { sarifText } from '../../src/report/sarif';
import { checkText } from '../../src/report/check-text';
import { outcomeText } from '../../src/report/outcome-text';
import { planSql, planText } from '../../src/report/plan-text';
import { visible, visibleSql } from '../../src/visible';
import { cleanUp, orphans, outcome, plan, report } from './samples';

/** Ends a line, clears the screen, turns the direction round, and is a C1 control sequence. */
const NASTY = 'a\nfk-guard: healthy\r\u001b[2J\u202e\u009b1A';
const UNSEEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;

test('what cannot be seen is written as an escape, and nothing else is', () => {
  expect(visible(NASTY)).toBe('a\\nfk-guard: healthy\\r\\u001b[2J\\u202e\\u009b1A');
  expect(visible('Ünïcödé 🦴 "it\'s" \\ 日本')).toBe('Ünïcödé 🦴 "it\'s" \\ 日本');
});

const tool = { name: 'x', version: '1' };
const facts = { startedAt: '2026-11-28T01:11:00.000Z', durationMs: 12, exitCode: 2 };
const documentOf = (body: JsonBody) => jsonDocument('plan', tool, body, facts);
const sarif = { tool, origin: () => undefined };

describe('a name with control characters writes no line of its own into', () => {
  const finding: Finding = {
    ...orphans,
    relation: NASTY,
    child: { schema: NASTY, table: NASTY, columns: [NASTY] },
    message: `1 row of ${NASTY} has no parent.`,
    sampleKeys: [NASTY],
  };
  const step = {
    ...cleanUp('delete', 1),
    title: `Clean ${NASTY}`,
    statements: [{ sql: `drop table "${NASTY}"`, locks: [] }],
  };
  const done = { id: '1', title: step.title, status: 'done', rows: 1, durationMs: 1 } as const;

  it.each([
    ['a report', () => checkText(report([finding]))],
    ['a plan', () => planText(plan([step], [finding]))],
    ['SQL', () => planSql(plan([step]))],
    [
      'an outcome',
      () =>
        outcomeText(
          outcome({
            status: 'repaired',
            steps: [done],
            remaining: [finding],
            rowsQuarantined: 1,
            runId: '7',
          }),
          NASTY,
        ),
    ],
    ['JSON', () => jsonText(documentOf(planBody(plan([step], [finding]))))],
    ['NDJSON', () => endLine(documentOf(planBody(plan([step], [finding]))))],
    ['annotations', () => githubText([finding], () => ({ file: NASTY, line: 1 }))],
    ['SARIF', () => sarifText({ ...sarif, findings: [finding], accepted: [{ finding, because: NASTY }] })],
    ['a comment', () => markdownReport(report([finding]))],
    ['a comment on a plan', () => markdownPlan(plan([step], [finding]))],
    ['mermaid', () => mermaidText([finding])],
    ['dot', () => dotText([finding])],
  ])('%s', (_title, text) => {
    expect(text()).not.toMatch(UNSEEN);
    expect(text()).not.toMatch(/^\s*fk-guard: healthy/m);
    expect(text()).toContain('\\u202e'.slice(1));
  });
});

describe('SQL in characters that can be seen', () => {
  let database: TestDatabase;
  beforeAll(async () => (database = await createDatabase('visible')));
  afterAll(() => database.drop());

  it('is the same SQL for PostgreSQL', async () => {
    const name = 'a"b\\c\'\n\u001b[31m\u202e🦴';
    const quoted = `"${name.replaceAll('"', '""')}"`;
    await database.query(visibleSql(`create table ${quoted} (id int)`));
    await database.query(
      visibleSql(`comment on table ${quoted} is E'\\\\x\n\u001b'; insert into ${quoted} values (1)`),
    );
    await database.query(visibleSql(`comment on column ${quoted}.id is 'it''s \\ a\r\u0007'`));
    expect(
      await database.query(`select relname, obj_description(oid, 'pg_class') as own, col_description(oid, 1) as of_column
        from pg_class where relname like 'a"b%'`),
    ).toEqual([{ relname: name, own: '\\x\n\u001b', of_column: "it's \\ a\r\u0007" }]);
  });
});
