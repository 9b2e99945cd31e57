import type { Finding } from '../../src/finding';
import { sealed } from '../../src/reviewed-plan';
import type { DatabaseInfo, Outcome, Plan, Report, Step } from '../../src/outcome';

export const database: DatabaseInfo = { name: 'booknexus', host: 'localhost', serverVersion: '18.4' };

export const orphans: Finding = {
  id: 'orphaned-rows:public.Checkouts(userId)',
  kind: 'orphaned-rows',
  severity: 'error',
  relation: 'Checkout.userId',
  model: 'Checkout',
  child: { schema: 'public', table: 'Checkouts', columns: ['userId'] },
  parent: { schema: 'public', table: 'Users', columns: ['id'] },
  rows: 1204,
  message: '1,204 of the 9,000 rows of public.Checkouts have a "userId" that no row of public.Users has.',
  why: 'A key cannot be created over them, and code that reads the parent finds nothing.',
  help: 'fk-guard apply copies them to the quarantine and deletes them, because the models say ON DELETE CASCADE.',
  repair: 'automatic',
};

export const wrongAction: Finding = {
  id: 'wrong-on-delete:public.Checkouts(userId)',
  kind: 'wrong-on-delete',
  severity: 'warning',
  relation: 'Checkout.userId',
  child: { schema: 'public', table: 'Checkouts', columns: ['userId'] },
  parent: { schema: 'public', table: 'Users', columns: ['id'] },
  message: 'The key says NO ACTION, the models say CASCADE.',
  why: 'Deleting a user fails.',
  help: 'The key is swapped.',
  repair: 'automatic',
};

export const refused: Finding = {
  ...orphans,
  id: 'orphaned-rows:public.Fines(checkoutId)',
  relation: 'Fine.checkoutId',
  model: 'Fine',
  child: { schema: 'public', table: 'Fines', columns: ['checkoutId'] },
  parent: { schema: 'public', table: 'Checkouts', columns: ['id'] },
  rows: 2,
  message: '2 of the 5 rows of public.Fines have no parent.',
  help: 'Decide what shall happen to them.',
  repair: 'refused',
  refusal: {
    code: 'DEFAULT_ACTION',
    option: "relations: { 'Fine.checkoutId': { orphans: 'delete' } }",
    message: 'Nobody wrote an action for this relation, so nothing says whether its orphans may go.',
  },
};

export const unclaimed: Finding = {
  id: 'unclaimed-foreign-key:public.Tags(bookId)',
  kind: 'unclaimed-foreign-key',
  severity: 'info',
  child: { schema: 'public', table: 'Tags', columns: ['bookId'] },
  message: 'No model declares the key Tags_bookId_fkey.',
  why: 'It may be a left-over.',
  help: 'Declare it or drop it.',
  repair: 'manual',
};

export const report = (findings: readonly Finding[], more: Partial<Report> = {}): Report => ({
  schemaVersion: 1,
  database,
  relations: [],
  findings,
  summary: {
    tables: 8,
    relations: 9,
    healthy: 9 - findings.length,
    orphanRows: findings.reduce((sum, { rows = 0 }) => sum + rows, 0),
    errors: findings.filter(({ severity }) => severity === 'error').length,
    warnings: findings.filter(({ severity }) => severity === 'warning').length,
    infos: findings.filter(({ severity }) => severity === 'info').length,
  },
  notMeasured: [],
  ...more,
});

const checkouts = { schema: 'public', name: 'Checkouts' };
const users = { schema: 'public', name: 'Users' };

/** Only what a report reads of a change is in these steps. */
export const validate: Step = {
  id: '1',
  change: { op: 'validate-foreign-key' } as Step['change'],
  because: ['not-valid-foreign-key:public.Checkouts(userId)'],
  requires: [],
  title: 'Validate Checkouts_userId_fkey of public.Checkouts',
  statements: [
    {
      sql: 'alter table "public"."Checkouts" validate constraint "Checkouts_userId_fkey"',
      locks: [
        { table: checkouts, mode: 'SHARE UPDATE EXCLUSIVE' },
        { table: users, mode: 'ROW SHARE' },
      ],
    },
  ],
  rows: 0,
};

export const cleanUp = (strategy: 'delete' | 'nullify', rows: number): Step => ({
  id: '2',
  change: { op: 'clean-orphans', strategy } as Step['change'],
  because: [orphans.id],
  requires: [],
  title: 'Quarantine and delete: orphans of public.Checkouts (userId)',
  statements: [
    { sql: 'delete from "public"."Checkouts"\nwhere false;', locks: [{ table: users, mode: 'SHARE' }] },
  ],
  rows,
});

export const plan = (steps: readonly Step[], findings: readonly Finding[] = []): Plan =>
  sealed({
    schemaVersion: 1,
    database,
    fingerprint: 'f1',
    steps,
    findings,
    refusals: findings.flatMap((finding) =>
      finding.refusal ? [{ ...finding.refusal, finding: finding.id }] : [],
    ),
  });

export const outcome = (more: Partial<Outcome> = {}): Outcome => ({
  runId: undefined,
  status: 'clean',
  steps: [],
  rowsDeleted: 0,
  rowsNullified: 0,
  rowsReparented: 0,
  parentsCreated: 0,
  rowsQuarantined: 0,
  remaining: [],
  durationMs: 400,
  ...more,
});
