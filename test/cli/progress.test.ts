import { reportProgress } from '../../src/cli/progress';
import { createEvents } from '../../src/events';
import type { FkGuard } from '../../src/guard';
import { recordedIo } from './streams';

function watched() {
  const events = createEvents();
  const io = recordedIo();
  const clock = { now: 0 };
  const written = reportProgress({ on: events.on } as FkGuard, io.stderr, () => clock.now);
  return { events, io, clock, written };
}

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
      events.emit('batch', { step: '2', rowsDone: clock.now, rowsTotal: 30_000 });
    }
    expect(io.err()).toBe('  10,000 of 30,000 rows\n  20,000 of 30,000 rows\n');
  });

  it('tells what it waits for, and what a person should know', () => {
    const { events, io } = watched();
    events.emit('retry', { what: 'Fence', attempt: 1, waitMs: 200, code: '55P03' });
    events.emit('wait', { waitedMs: 5000 });
    events.emit('warning', { message: 'the role may not …' });
    expect(io.err()).toBe(
      `  Fence: no lock yet (55P03), try 2 in 0.2 s
  another fk-guard is at work on this database, waiting (5.0 s)
warning: the role may not …
`,
    );
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
    events.emit('batch', { step: '2', rowsDone: 1000, rowsTotal: 3000 });
    expect(written()).toBe(true);
  });
});
