import { planSql, planText, rowsByStrategy } from '../../src/report/plan-text';
import type { Step } from '../../src/outcome';
import { cleanUp, plan, refused, validate } from './samples';

describe('planText', () => {
  it('says that there is nothing to do', () => {
    expect(planText(plan([]))).toBe('Nothing to do.\nbooknexus on localhost (PostgreSQL 18.4)\n');
  });

  it('shows each step with its locks, its SQL and its rows', () => {
    expect(planText(plan([validate, cleanUp('delete', 7)]))).toBe(
      `2 steps, 7 rows will be removed.
booknexus on localhost (PostgreSQL 18.4)

  1. Validate Checkouts_userId_fkey of public.Checkouts
     locks  SHARE UPDATE EXCLUSIVE on public.Checkouts, ROW SHARE on
            public.Users
       alter table "public"."Checkouts" validate constraint "Checkouts_userId_fkey";

  2. Quarantine and delete: orphans of public.Checkouts (userId)
     rows   7, in batches, each copied to the quarantine first
     locks  SHARE on public.Users
       delete from "public"."Checkouts"
       where false;
`,
    );
  });

  it('tells rows that go from rows that lose their key', () => {
    const both = plan([cleanUp('delete', 1), cleanUp('nullify', 2000)]);
    expect(rowsByStrategy(both)).toEqual({
      removed: 1,
      nullified: 2000,
      reparented: 0,
      converted: 0,
      created: 0,
    });
    expect(planText(both).split('\n')[0]).toBe(
      '2 steps, 1 row will be removed and 2,000 rows will lose their key.',
    );
  });

  it('tells values that change with the type of their column', () => {
    const conversion = { rows: 3 } as Extract<Step['change'], { op: 'convert-column' }>['conversion'];
    const converting: Step = { ...cleanUp('delete', 3), change: { op: 'convert-column', conversion } };
    expect(planText(plan([converting])).split('\n')[0]).toBe('1 step, 3 values will change with the type.');
    expect(planText(plan([converting]))).toContain('rows   3, each copied to the quarantine first');
  });

  it('says so when no row is touched', () => {
    expect(planText(plan([validate])).split('\n')[0]).toBe('1 step, no row is removed or changed.');
  });

  it('shows what is refused, why, and the option that allows it', () => {
    expect(planText(plan([], [refused]))).toBe(
      `Nothing to do, 1 refused.
booknexus on localhost (PostgreSQL 18.4)

Refused; nothing of this will be touched:

  Fine.checkoutId  orphaned-rows
    Nobody wrote an action for this relation, so nothing says whether its
    orphans may go.
    to allow  relations: { 'Fine.checkoutId': { orphans: 'delete' } }
`,
    );
  });
});

describe('refusals of one relation', () => {
  it('with one reason stand together, with two apart', () => {
    const same = { ...refused, id: 'missing-foreign-key:x', kind: 'missing-foreign-key' } as const;
    const other = { ...same, id: 'other', relation: 'Loan.checkoutId' };
    const text = planText(plan([], [refused, same, other]));
    expect(text.match(/^ {2}\S.*$/gm)).toEqual([
      '  Fine.checkoutId  orphaned-rows, missing-foreign-key',
      '  Loan.checkoutId  missing-foreign-key',
    ]);
    expect(text.match(/to allow/g)).toHaveLength(2);
  });
});

describe('planSql', () => {
  it('is a script, each statement ended once', () => {
    expect(planSql(plan([validate, cleanUp('delete', 7)]))).toBe(
      `-- 1. Validate Checkouts_userId_fkey of public.Checkouts
alter table "public"."Checkouts" validate constraint "Checkouts_userId_fkey";

-- 2. Quarantine and delete: orphans of public.Checkouts (userId)
delete from "public"."Checkouts"
where false;
`,
    );
  });

  it('cannot be left by a title with a line break', () => {
    const title = 'Validate x of public.a\ndrop table "public"."Users"';
    expect(planSql(plan([{ ...validate, title, statements: [] }]))).toBe(
      '-- 1. Validate x of public.a\\ndrop table "public"."Users"\n-- (by fk-guard itself, in batches)\n',
    );
  });

  it('is a comment when there is nothing to do', () => {
    expect(planSql(plan([]))).toBe('-- Nothing to do.\n');
  });
});
