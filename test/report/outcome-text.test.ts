import { outcomeText } from '../../src/report/outcome-text';
import { restoreText } from '../../src/report/restore-text';
import { orphans, outcome, refused, unclaimed } from './samples';

describe('outcomeText', () => {
  it('says that there was nothing to do', () => {
    expect(outcomeText(outcome(), 'fk_guard')).toBe('Nothing to do.\n');
  });

  it('shows what was done, where the copies are and how they come back', () => {
    const repaired = outcome({
      runId: '7f3a',
      status: 'repaired',
      rowsDeleted: 7,
      rowsNullified: 1,
      rowsQuarantined: 10,
      steps: [
        { id: '1', title: 'Fence: add Checkouts_userId_fkey', status: 'done', rows: 0, durationMs: 12 },
        { id: '2', title: 'Quarantine and delete: orphans', status: 'done', rows: 7, durationMs: 1250 },
      ],
    });
    expect(outcomeText(repaired, 'fk_guard')).toBe(
      `Repaired: 2 of 2 steps, 7 rows removed and 1 key set to NULL, 0.4 s.

  done   1. Fence: add Checkouts_userId_fkey (12 ms)
  done   2. Quarantine and delete: orphans (7 rows, 1.3 s)

Copies of 10 rows are in the schema "fk_guard", those that a cascade took along
included.
To put them back: fk-guard restore 7f3a
`,
    );
  });

  it('shows where it stopped, why, what to do and what is left', () => {
    const partial = outcome({
      runId: '7f3a',
      status: 'partial',
      durationMs: 200_000,
      steps: [
        { id: '1', title: 'Fence', status: 'done', rows: 0, durationMs: 12 },
        {
          id: '2',
          title: 'Validate',
          status: 'failed',
          rows: 0,
          durationMs: 30_000,
          error: {
            code: 'LOCK_TIMEOUT',
            message: 'No lock on public.Users in 30 s.',
            advice: 'Session 4711 holds it.',
          },
        },
        { id: '3', title: 'Drop', status: 'skipped', rows: 0, durationMs: 0 },
      ],
      remaining: [unclaimed],
    });
    expect(outcomeText(partial, 'fk_guard')).toBe(
      `Stopped part way: 1 of 3 steps, no row removed or changed, 3 min 20 s.

  done      1. Fence (12 ms)
  failed    2. Validate
               LOCK_TIMEOUT: No lock on public.Users in 30 s.
               Session 4711 holds it.
  skipped   3. Drop

What is done stays done. Run it again to go on.

Still there: 1 finding.

public.Tags (bookId)

  info  unclaimed-foreign-key
    No model declares the key Tags_bookId_fkey.
    why   It may be a left-over.
    help  Declare it or drop it.
`,
    );
  });

  it('says what a second run would do, and what none would', () => {
    const done = { id: '1', title: 'Fence', status: 'done', rows: 0, durationMs: 12 } as const;
    const text = outcomeText(
      outcome({ status: 'refused', steps: [done], remaining: [orphans, refused] }),
      'fk_guard',
    );
    expect(text).toMatch(
      /^Repaired in part, the rest refused: 1 of 1 step, no row removed or changed, 0\.4 s\.\n/,
    );
    expect(text).toContain('\nStill there: 2 findings. What can be repaired now: fk-guard plan\n');
  });

  it('promises no copies where none were kept', () => {
    const repaired = outcome({ runId: '7f3a', status: 'repaired', rowsDeleted: 7, rowsQuarantined: 0 });
    expect(outcomeText(repaired, undefined)).not.toMatch(/restore|Copies/);
  });
});

describe('restoreText', () => {
  it('counts what came back', () => {
    expect(restoreText({ runId: '7f3a', restored: 1204, failed: [] }, false)).toBe(
      'Run 7f3a: 1,204 rows put back.\n',
    );
  });

  it('names each row that could not and why', () => {
    const failed = [{ table: 'public.Checkouts', row: '(id)=(4)', reason: 'Its parent is still missing.' }];
    expect(restoreText({ runId: '7f3a', restored: 0, failed }, true)).toBe(
      `Run 7f3a: 0 rows could be put back, 1 row could not.

  public.Checkouts (id)=(4)
    Its parent is still missing.
`,
    );
  });
});
