import { checkText } from '../../src/report/check-text';
import type { Paint } from '../../src/report/paint';
import { orphans, refused, report, unclaimed, wrongAction } from './samples';

describe('checkText', () => {
  it('says in one line that all is well', () => {
    expect(checkText(report([]))).toBe(
      'Healthy: 9 relations examined.\nbooknexus on localhost (PostgreSQL 18.4)\n',
    );
  });

  it('never calls healthy what was not looked at', () => {
    const empty = { tables: 0, relations: 0, healthy: 0, orphanRows: 0, errors: 0, warnings: 0, infos: 0 };
    expect(checkText(report([], { summary: empty }))).toBe(
      'Nothing was examined: no relation is declared, or all are excluded.\nbooknexus on localhost (PostgreSQL 18.4)\n',
    );
  });

  it('shows the worst relation first, each reason once, and what may be done', () => {
    expect(checkText(report([unclaimed, wrongAction, orphans, refused]))).toBe(
      `2 errors, 1 warning and 1 note in 9 relations, 1,206 orphaned rows.
booknexus on localhost (PostgreSQL 18.4)

Checkout.userId
  public.Checkouts (userId) -> public.Users (id)

  error  orphaned-rows  [repairable]
    1,204 of the 9,000 rows of public.Checkouts have a "userId" that no row of
    public.Users has.
    why   A key cannot be created over them, and code that reads the parent
          finds nothing.
    help  fk-guard apply copies them to the quarantine and deletes them, because
          the models say ON DELETE CASCADE.

  warning  wrong-on-delete  [repairable]
    The key says NO ACTION, the models say CASCADE.
    why   Deleting a user fails.
    help  The key is swapped.

Fine.checkoutId
  public.Fines (checkoutId) -> public.Checkouts (id)

  error  orphaned-rows  [refused]
    2 of the 5 rows of public.Fines have no parent.
    refused  Nobody wrote an action for this relation, so nothing says whether
             its orphans may go.
    to allow  relations: { 'Fine.checkoutId': { orphans: 'delete' } }

public.Tags (bookId)

  info  unclaimed-foreign-key
    No model declares the key Tags_bookId_fkey.
    why   It may be a left-over.
    help  Declare it or drop it.

Repairable: 2. Refused until an option allows it: 1. By hand: 1.
Next: fk-guard plan
`,
    );
  });

  it('gives the same reason for a refusal only once in a relation', () => {
    const noKey = {
      ...refused,
      id: 'missing-foreign-key:x',
      kind: 'missing-foreign-key',
      why: 'No fence.',
    } as const;
    expect(checkText(report([refused, noKey]))).toContain(
      `    to allow  relations: { 'Fine.checkoutId': { orphans: 'delete' } }

  error  missing-foreign-key  [refused]
    2 of the 5 rows of public.Fines have no parent.
    why   No fence.
    refused  for the same reason
`,
    );
  });

  it('shows keys of orphans when there are some', () => {
    expect(checkText(report([{ ...orphans, sampleKeys: ['4', '17'] }]))).toContain('\n    keys  4, 17\n');
  });

  it('lists what was not counted, and apart from it what a valid key proves', () => {
    const text = checkText(
      report([], {
        notMeasured: [
          { relation: 'Book.authorId', reason: 'trusted' },
          { relation: 'Review.bookId', reason: 'missing-table' },
        ],
      }),
    );
    expect(text).toBe(
      `Healthy: 9 relations examined.
booknexus on localhost (PostgreSQL 18.4)

Not counted: Review.bookId (missing-table).
Proved by a valid key and not counted again: 1 relation.
`,
    );
  });

  it('leaves colours to the caller', () => {
    const mark = (text: string): string => `<${text}>`;
    const same = (text: string): string => text;
    const paint: Paint = {
      width: 80,
      strong: same,
      faint: same,
      good: mark,
      error: mark,
      warning: mark,
      info: mark,
    };
    const text = checkText(report([wrongAction, orphans]), paint);
    expect(text.split('\n')[0]).toBe('<1 error> and <1 warning> in 9 relations, 1,204 orphaned rows.');
    expect(text).toContain('\n  <error>  orphaned-rows');
  });
});
