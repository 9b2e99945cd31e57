import { CliError } from '../../src/cli/cli-error';
import { exitCodeOfError, exitCodeOfOutcome, exitCodeOfReport } from '../../src/cli/exit-codes';
import { FkGuardError, type ErrorCode } from '../../src/errors';
import { orphans, outcome, refused, report, unclaimed, wrongAction } from '../report/samples';

describe('check and verify', () => {
  it.each([
    ['nothing found', [], 'error', 0],
    ['an error', [orphans], 'error', 2],
    ['a warning', [wrongAction], 'error', 0],
    ['a warning', [wrongAction], 'warning', 2],
    ['a note', [unclaimed], 'warning', 0],
    ['an error', [orphans], 'never', 0],
  ] as const)('%s: %j with --fail-on %s gives %i', (_, findings, failOn, code) => {
    expect(exitCodeOfReport(report(findings), failOn)).toBe(code);
  });

  it('fails when nothing was examined, whatever --fail-on says', () => {
    const nothing = report([], { summary: { ...report([]).summary, relations: 0 } });
    expect([exitCodeOfReport(nothing, 'error'), exitCodeOfReport(nothing, 'never')]).toEqual([2, 2]);
  });
});

describe('apply', () => {
  const step = (status: 'done' | 'failed' | 'skipped' | 'stopped', rows = 0) => ({
    id: '1',
    title: 'x',
    status,
    rows,
    durationMs: 1,
  });

  it.each([
    ['nothing to do', { status: 'clean' }, 0],
    ['repaired', { status: 'repaired', steps: [step('done')] }, 0],
    ['repaired, a note remains', { status: 'repaired', remaining: [unclaimed] }, 0],
    ['repaired, refusals remain', { status: 'repaired', remaining: [refused] }, 3],
    [
      'repaired, which brought new orphans to light',
      { status: 'repaired', steps: [step('done')], remaining: [orphans] },
      4,
    ],
    [
      'repaired, refusals and new orphans remain',
      { status: 'repaired', steps: [step('done')], remaining: [orphans, refused] },
      3,
    ],
    ['clean, refusals remain', { status: 'clean', remaining: [refused] }, 3],
    ['refused', { status: 'refused' }, 3],
    ['stopped after a step', { status: 'partial', steps: [step('done'), step('failed')] }, 4],
    ['stopped within a step', { status: 'partial', steps: [step('failed', 1000)] }, 4],
    [
      'stopped after a step, refusals remain',
      { status: 'partial', steps: [step('done'), step('failed')], remaining: [refused] },
      4,
    ],
    [
      'ended by its own cap before anything',
      { status: 'partial', steps: [step('stopped'), step('skipped')] },
      4,
    ],
    ['stopped at the first step', { status: 'partial', steps: [step('failed'), step('skipped')] }, 1],
  ] as const)('%s', (_, more, code) => {
    expect(exitCodeOfOutcome(outcome(more))).toBe(code);
  });
});

describe('errors', () => {
  const expected: Record<ErrorCode, readonly [nothingWritten: number, somethingWritten: number]> = {
    OPTIONS: [78, 78],
    CONFIG: [78, 78],
    UNSUPPORTED_DIALECT: [78, 78],
    NO_MODELS: [78, 78],
    CONNECTION: [1, 4],
    PRIVILEGE: [1, 4],
    SQL: [1, 4],
    NO_SUCH_RUN: [1, 4],
    PARENT_CONFLICT: [1, 4],
    NO_SUCH_PARENT: [1, 4],
    NO_SUCH_TABLE: [64, 64],
    WRONG_KEY: [64, 64],
    LEDGER: [1, 4],
    RUNNER_BUSY: [1, 4],
    RUNNER_LOST: [1, 4],
    LOCK_TIMEOUT: [1, 4],
    BUDGET: [1, 4],
    TRIGGER_VETO: [1, 4],
    CASCADE_BLOCKED: [1, 4],
    CASCADE_MOVED: [1, 4],
    INDEX_CORRUPTED: [1, 4],
    USER_TRIGGER: [1, 4],
    UNCASTABLE: [1, 4],
    PLAN_STALE: [3, 3],
    PLAN_INVALID: [3, 3],
    LIMIT: [3, 3],
    SCHEMA_MOVED: [3, 3],
    RUN_ROWS: [3, 3],
    CAPPED: [4, 4],
    CANCELLED: [130, 130],
    POOLER: [3, 3],
    FINDINGS: [2, 2],
  };

  it.each(Object.entries(expected))('%s', (code, codes) => {
    const error = new FkGuardError(code as ErrorCode, 'm', 'a');
    expect([exitCodeOfError(error, false), exitCodeOfError(error, true)]).toEqual(codes);
  });

  it('of the command line carry their own code, all others mean that it failed', () => {
    expect(exitCodeOfError(new CliError('USAGE', 64, 'm', 'a'), false)).toBe(64);
    expect([exitCodeOfError(new TypeError('x'), false), exitCodeOfError(new TypeError('x'), true)]).toEqual([
      1, 4,
    ]);
  });
});
