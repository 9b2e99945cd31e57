import { reportProgress } from '../../src/cli/progress';
import { createEvents, type GuardEvents } from '../../src/events';
import type { FkGuard } from '../../src/guard';
import { recordedIo } from './streams';

function watched(columns?: number) {
  const events = createEvents();
  const io = recordedIo();
  const clock = { now: 0 };
  const guard = { on: events.on } as FkGuard;
  const { written, end } = reportProgress(guard, { ...io.stderr, columns }, () => clock.now);
  return { events, io, clock, written, end };
}

const batch = (fields: Partial<GuardEvents['batch']>): GuardEvents['batch'] => ({
  step: '2',
  rowsDone: 0,
  rowsTotal: 30_000,
  rowsLeft: 0,
  rowsPerSecond: 1_000,
  msLeft: 0,
  lockWaitMs: 3,
  ...fields,
});

const retry: GuardEvents['retry'] = {
  what: 'Fence',
  attempt: 1,
  waitMs: 200,
  code: '55P03',
  waitedMs: 0,
  blockers: 'pid 7 (app, idle in transaction, for 12 s)',
};

describe('progress', () => {
  it('tells each step as it begins, on stderr', () => {
    const { events, io } = watched();
    events.emit('step', { id: '1', title: 'Fence', rows: 0 });
    events.emit('step', { id: '2', title: 'Delete orphans', rows: 12000 });
    expect([io.err(), io.out()]).toEqual(['Fence\nDelete orphans (12,000 rows)\n', '']);
  });

  it('gives a sign of life every ten seconds and not with every batch', () => {
    const { events, io, clock } = watched();
    for (clock.now = 0; clock.now <= 21_000; clock.now += 1000) {
      events.emit('batch', batch({ rowsDone: clock.now, msLeft: 30_000 - clock.now, lockWaitMs: 1_200 }));
    }
    expect(io.err()).toBe(
      `  10,000 of 30,000 rows, 1,000 rows/s, about 20.0 s left; waited 1.2 s for locks
  20,000 of 30,000 rows, 1,000 rows/s, about 10.0 s left; waited 1.2 s for locks
`,
    );
  });

  it('says nothing of a time that is over and of locks that were there', () => {
    const { events, io, clock } = watched();
    clock.now = 10_000;
    events.emit('batch', batch({ rowsDone: 1, rowsTotal: 1, rowsPerSecond: 1 }));
    expect(io.err()).toBe('  1 of 1 row, 1 row/s\n');
  });

  it('tells what it waits for, and what a person should know', () => {
    const { events, io } = watched();
    events.emit('retry', { ...retry, attempt: 1, blockers: '' });
    events.emit('retry', { ...retry, what: 'Validate', attempt: 1 });
    events.emit('wait', { waitedMs: 5000 });
    events.emit('warning', { message: 'the role may not …' });
    expect(io.err()).toBe(
      `  Fence: no lock yet (55P03), try 2 in 0.2 s
  Validate: no lock yet (55P03, held by pid 7 (app, idle in transaction, for 12 s)), try 2 in 0.2 s
  another fk-guard is at work on this database, waiting (5.0 s)
warning: the role may not …
`,
    );
  });

  it('tells of a wait once, and then every ten seconds; and of its end', () => {
    const { events, io, clock } = watched();
    for (clock.now = 0; clock.now <= 12_000; clock.now += 500) {
      events.emit('retry', { ...retry, attempt: 1 + clock.now / 500, blockers: '' });
      events.emit('pause', { reason: 'sentinel', why: 'the file hold exists', waitedMs: clock.now });
      events.emit('wait', { waitedMs: clock.now });
    }
    events.emit('resume', { reason: 'sentinel', waitedMs: 12_500 });
    events.emit('pause', { reason: 'lag', why: 'the standby b is 5000 ms behind', waitedMs: 0 });
    expect(io.err()).toBe(`  Fence: no lock yet (55P03), try 2 in 0.2 s
  paused, because the file hold exists
  another fk-guard is at work on this database, waiting (0 ms)
  Fence: no lock yet (55P03), try 22 in 0.2 s
  paused, because the file hold exists (10.0 s)
  another fk-guard is at work on this database, waiting (10.0 s)
  goes on after a pause of 12.5 s
  paused, because the standby b is 5000 ms behind
`);
  });

  it('remembers whether anything has been written', () => {
    const { events, written } = watched();
    const result = { id: '1', title: 'Fence', rows: 0, durationMs: 1 };
    events.emit('stepDone', { result: { ...result, status: 'failed' } });
    expect(written()).toBe(false);
    events.emit('stepDone', { result: { ...result, status: 'done' } });
    expect(written()).toBe(true);
  });

  it('counts a committed batch as written', () => {
    const { events, written } = watched();
    events.emit('batch', batch({ rowsDone: 1000 }));
    expect(written()).toBe(true);
  });
});

describe('on a terminal', () => {
  const CLEAR = '\r\u001B[K';
  const step = { id: '2', title: 'Delete orphans', rows: 30_000 };
  const done = {
    result: { id: '2', title: 'Delete orphans', status: 'done', rows: 3, durationMs: 1 },
  } as const;

  it('rewrites one line with rate and time left, after a second, at most ten times a second, and takes it away', () => {
    const { events, io, clock } = watched(80);
    events.emit('step', step);
    for (clock.now = 0; clock.now <= 1_200; clock.now += 50)
      events.emit('batch', batch({ rowsDone: clock.now, msLeft: 30_000 - clock.now }));
    events.emit('stepDone', done);
    expect(io.err().split(CLEAR)).toEqual([
      'Delete orphans (30,000 rows)\n',
      '  1,000 of 30,000 rows, 1,000 rows/s, about 29.0 s left',
      '  1,100 of 30,000 rows, 1,000 rows/s, about 28.9 s left',
      '  1,200 of 30,000 rows, 1,000 rows/s, about 28.8 s left',
      '',
    ]);
  });

  it('leaves no trace of what was short', () => {
    const { events, io, clock, end } = watched(80);
    events.emit('step', step);
    clock.now = 999;
    events.emit('batch', batch({ rowsDone: 7 }));
    events.emit('stepDone', done);
    end();
    expect(io.err()).toBe('Delete orphans (30,000 rows)\n');
  });

  it('cuts the line at the width, and says what it waits for instead', () => {
    const { events, io, clock, end } = watched(40);
    events.emit('step', step);
    clock.now = 2_000;
    events.emit('retry', retry);
    end();
    expect(io.err().split(CLEAR)).toEqual([
      'Delete orphans (30,000 rows)\n',
      '  Fence: no lock yet (55P03, held by p…',
      '',
    ]);
  });

  it('writes warnings above the line', () => {
    const { events, io, clock, end } = watched(80);
    events.emit('batch', batch({ rowsDone: 1 }));
    clock.now = 1_000;
    events.emit('batch', batch({ rowsDone: 2 }));
    events.emit('warning', { message: 'hm' });
    end();
    expect(io.err().split(CLEAR)).toEqual(['', '  2 of 30,000 rows, 1,000 rows/s', 'warning: hm\n']);
  });

  it('tells how long a statement has taken while nothing else is known', () => {
    jest.useFakeTimers();
    const { events, io, clock, end } = watched(80);
    events.emit('step', { id: '3', title: 'Validate', rows: 0 });
    clock.now = 3_000;
    jest.advanceTimersByTime(1_000);
    end();
    jest.useRealTimers();
    expect(io.err().split(CLEAR)).toEqual(['Validate\n', '  3.0 s', '']);
  });
});
