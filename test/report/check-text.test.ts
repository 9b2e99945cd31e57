import { checkText } from '../../src/report/check-text';
import type { Paint } from '../../src/report/paint';
import { orphans, refused, report, unclaimed, wrongAction } from './samples';

describe('checkText', () => {
  it('says in one line that all is well', () => {
    expect(checkText(report([]))).toBe('booknexus on localhost (PostgreSQL 18.4): healthy, 9 relations examined.\n');
  });

  it('never calls healthy what was not looked at', () => {
    const empty = { tables: 0, relations: 0, healthy: 0, orphanRows: 0, errors: 0, warnings: 0, infos: 0 };
    expect(checkText(report([], { summary: empty }))).toBe(
      'booknexus on localhost (PostgreSQL 18.4): nothing was examined, because the\nmodels declare no relation.\n',
    );
  });

  it('shows the worst relation first, each reason once, and what may be done', () => {
    expect(checkText(report([unclaimed, wrongAction, orphans, refused]))).toBe(
      `booknexus on localhost (PostgreSQL 18.4): 2 errors, 1 warning and 1 note in 9
relations, 1,206 orphaned rows.

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
    help  Decide what shall happen to them.
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
      `booknexus on localhost (PostgreSQL 18.4): healthy, 9 relations examined.

Not counted: Review.bookId (missing-table).
Proved by a valid key and not counted again: 1 relation.
`,
    );
  });

  it('leaves colours to the caller and does not count them as text', () => {
    const mark = (text: string): string => `\u001b[31m${text}\u001b[39m`;
    const same = (text: string): string => text;
    const paint: Paint = { strong: same, faint: same, good: mark, error: mark, warning: mark, info: mark };
    expect(checkText(report([]), paint)).toBe(
      'booknexus on localhost (PostgreSQL 18.4): \u001b[31mhealthy\u001b[39m, 9 relations examined.\n',
    );
  });
});
