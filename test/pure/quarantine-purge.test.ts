import { FkGuardError } from '../../src/errors';
import type { RunRecord } from '../../src/execution/runs';
import type { Copies } from '../../src/quarantine/contents';
import { parsePurgeOptions } from '../../src/quarantine/purge-options';
import { purgeable } from '../../src/quarantine/purgeable';

describe('the options of a purge', () => {
  it('are understood: an age in milliseconds, and nothing is only looked at unless somebody says so', () => {
    expect(parsePurgeOptions({ olderThan: '2h' })).toEqual({
      age: 7_200_000,
      dryRun: false,
      only: undefined,
    });
    expect(parsePurgeOptions({ olderThan: '1d', dryRun: true, runs: ['a'] })).toEqual({
      age: 86_400_000,
      dryRun: true,
      only: ['a'],
    });
  });

  const FORM = '"olderThan" must be a duration such as "30d" or "12h", more than 0 and at most 100 years';
  it.each([
    ['nothing at all', undefined, FORM],
    ['no age', {}, FORM],
    ['an age of 0, which would take the copies of a minute ago', { olderThan: '0' }, FORM],
    ['an age that is no text', { olderThan: 30 }, FORM],
    ['more than 100 years', { olderThan: '36501d' }, FORM],
    ['no yes or no', { olderThan: '1d', dryRun: 'no' }, '"dryRun" must be true or false'],
    ['no list', { olderThan: '1d', runs: 'a' }, '"runs" must be a list of ids of runs'],
    ['no id', { olderThan: '1d', runs: [1] }, '"runs.0" must be the id of a run'],
    [
      'a misspelt name',
      { olderThan: '1d', dryrun: true },
      '"dryrun" is not an option of purge; did you mean "dryRun"?',
    ],
    ['no options at all', '30d', '"options" Invalid type: Expected Object but received "30d"'],
    ['a name like none', { olderThan: '1d', everything: true }, '"everything" is not an option of purge'],
  ])('are refused before anything goes: %s', (_, options, message) => {
    expect(() => parsePurgeOptions(options)).toThrow(FkGuardError);
    const whole = `Invalid options: ${message}${message.endsWith('?') ? '' : '.'}`;
    expect(errorOf(() => parsePurgeOptions(options))).toBe(whole);
  });
});

function errorOf(work: () => unknown): string {
  try {
    work();
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
}

describe('which copies may go', () => {
  const BEFORE = 1_000;
  const run = (id: string, more: Partial<RunRecord> = {}): RunRecord => ({
    id,
    resumes: undefined,
    origin: undefined,
    startedAt: 100,
    finishedAt: 200,
    status: 'repaired',
    figures: {},
    unfinished: false,
    ...more,
  });
  const copies = (runId: string, more: Partial<Copies> = {}): Copies => ({
    runId,
    table: 'app.book',
    rows: 3,
    restored: 1,
    bytes: 0,
    oldest: 300,
    newest: 999,
    deleted: 0,
    nullified: 0,
    reparented: 0,
    converted: 0,
    ...more,
  });
  const found = (
    runs: readonly RunRecord[],
    of: readonly Copies[],
    { only, othersAtWork = false }: { only?: readonly string[]; othersAtWork?: boolean } = {},
  ) => {
    const { rows, runs: gone, kept } = purgeable({ runs, copies: of, othersAtWork }, BEFORE, only);
    return { rows, gone: gone.map(({ runId }) => runId), kept };
  };

  it('those of a run whose last copy is old enough, table by table', () => {
    const both = [
      copies('a', { oldest: 400, newest: 500 }),
      copies('a', { table: 'app.page', rows: 2, oldest: 300, newest: 450 }),
    ];
    expect(purgeable({ runs: [run('a')], copies: both, othersAtWork: false }, BEFORE)).toEqual({
      rows: 5,
      runs: [
        {
          runId: 'a',
          startedAt: '1970-01-01T00:00:00.100Z',
          rows: 5,
          restored: 2,
          oldest: '1970-01-01T00:00:00.300Z',
          newest: '1970-01-01T00:00:00.500Z',
          tables: [
            { table: 'app.book', rows: 3, restored: 1 },
            { table: 'app.page', rows: 2, restored: 1 },
          ],
        },
      ],
      kept: [],
    });
  });

  it('only all of a run together: one young copy keeps the others, because a row may need another one', () => {
    const young = copies('a', { table: 'app.page', newest: BEFORE });
    expect(found([run('a')], [copies('a'), young])).toEqual({ rows: 0, gone: [], kept: [] });
  });

  it('none whose age is infinite, which only a person can have written', () => {
    expect(found([run('a')], [copies('a', { newest: undefined })]).gone).toEqual([]);
    const { runs } = purgeable(
      { runs: [run('a')], copies: [copies('a', { oldest: undefined, newest: 500 })], othersAtWork: false },
      BEFORE,
    );
    expect(runs[0]?.oldest).toBe('1970-01-01T00:00:00.500Z');
  });

  it('nothing of a run that has no copies', () => {
    expect(found([run('a')], [copies('b')])).toEqual({ rows: 0, gone: [], kept: [] });
  });

  it('only those of the runs that somebody was shown', () => {
    const of = [copies('a'), copies('b')];
    expect(found([run('a'), run('b')], of, { only: ['b'] }).gone).toEqual(['b']);
    expect(found([run('a'), run('b')], of).gone).toEqual(['a', 'b']);
  });

  it.each([
    ['unfinished', { unfinished: true }],
    ['running', { status: 'running' }],
  ])('not those of a run that is %s while a guard is at work: it may be this one', (_, more) => {
    const kept = [{ runId: 'a', rows: 3, reason: 'at-work' }];
    expect(found([run('a', more)], [copies('a')], { othersAtWork: true })).toEqual({
      rows: 0,
      gone: [],
      kept,
    });
    expect(found([run('a', more)], [copies('a')]).gone).toEqual(['a']);
  });

  it('those of an ended run also while a guard is at work', () => {
    expect(found([run('a')], [copies('a')], { othersAtWork: true }).gone).toEqual(['a']);
  });

  it('not those of an interrupted run from which a younger one went on', () => {
    const runs = [run('b', { unfinished: true }), run('a', { unfinished: true })];
    const kept = [{ runId: 'a', rows: 3, reason: 'unfinished' }];
    expect(found(runs, [copies('a'), copies('b', { newest: BEFORE })])).toEqual({ rows: 0, gone: [], kept });
    const started = [run('b', { unfinished: true, startedAt: BEFORE }), run('a', { unfinished: true })];
    expect(found(started, [copies('a')])).toEqual({ rows: 0, gone: [], kept });
    expect(found(runs, [copies('a'), copies('b')]).gone).toEqual(['b', 'a']);
  });

  it('those of an interrupted run, whatever a run does that has ended', () => {
    const runs = [run('b', { startedAt: BEFORE }), run('a', { unfinished: true })];
    expect(found(runs, [copies('a')]).gone).toEqual(['a']);
  });

  it('those of a run that has ended, whatever an interrupted one does', () => {
    const runs = [run('b', { unfinished: true, startedAt: BEFORE }), run('a')];
    expect(found(runs, [copies('a')]).gone).toEqual(['a']);
  });
});
