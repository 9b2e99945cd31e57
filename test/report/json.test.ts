import {
  jsonDocument,
  jsonText,
  outcomeBody,
  planBody,
  reportBody,
  restoreBody,
  type JsonBody,
} from '../../src/report/json';
import { cleanUp, database, orphans, outcome, plan, refused, report } from './samples';

const tool = { name: 'sequelize-fk-guard', version: '0.1.0' };
const facts = { startedAt: '2026-11-28T01:11:00.000Z', durationMs: 12, exitCode: 2 };
const written = (command: string, body: JsonBody): unknown =>
  JSON.parse(jsonText(jsonDocument(command, tool, body, facts)));

describe('the JSON document', () => {
  it('has every field even when there is only an error', () => {
    const errors = [{ code: 'CONNECTION', message: 'down', advice: 'start it' }];
    expect(written('check', { errors })).toEqual({
      $schema: expect.stringMatching(/document\.schema\.json$/) as string,
      schemaVersion: 1,
      command: 'check',
      tool,
      ...facts,
      database: null,
      summary: null,
      findings: [],
      steps: [],
      errors,
    });
  });

  it('holds a report as it is', () => {
    const { summary, findings } = report([orphans]);
    expect(written('check', reportBody(report([orphans])))).toMatchObject({
      database,
      summary,
      findings,
      steps: [],
      notMeasured: [],
    });
  });

  it('holds a plan with its rows and refusals', () => {
    const made = plan([cleanUp('delete', 7)], [refused]);
    expect(written('plan', planBody(made))).toMatchObject({
      summary: { steps: 1, rowsToDelete: 7, rowsToNullify: 0, refusals: 1 },
      steps: [{ id: '2', rows: 7, change: { op: 'clean-orphans' } }],
      refusals: [{ finding: refused.id, code: 'DEFAULT_ACTION' }],
    });
  });

  it('repeats the errors of steps where a reader looks for errors', () => {
    const error = { code: 'LOCK_TIMEOUT', message: 'no lock', advice: 'wait' };
    const failed = { id: '1', title: 'Fence', status: 'failed', rows: 0, durationMs: 1, error } as const;
    expect(
      written(
        'apply',
        outcomeBody(outcome({ status: 'partial', steps: [failed], remaining: [refused] }), database),
      ),
    ).toMatchObject({
      database,
      summary: { status: 'partial', runId: null, rowsDeleted: 0, remaining: 1 },
      findings: [{ id: refused.id }],
      steps: [failed],
      errors: [{ step: '1', ...error }],
    });
  });

  it('holds the rows that could not be put back', () => {
    const failed = [{ table: 'public.Checkouts', row: '(id)=(4)', reason: 'no parent' }];
    expect(written('restore', restoreBody({ runId: '7f3a', restored: 3, failed }, true))).toMatchObject({
      summary: { runId: '7f3a', dryRun: true, restored: 3, failed: 1 },
      failed,
    });
  });
});
