import { restoreCommand, statusText } from '../../src/report/status-text';
import type { RunStatus, Status } from '../../src/status/status';
import { database } from './samples';

const run = (more: Partial<RunStatus>): RunStatus => ({
  runId: 'r1',
  startedAt: '2026-01-02T03:04:05.000Z',
  durationMs: 1200,
  status: 'repaired',
  goesOn: false,
  limited: false,
  ...{ rowsDeleted: 0, rowsNullified: 0, rowsReparented: 0, parentsCreated: 0, rowsQuarantined: 0 },
  rowsConverted: 0,
  ...{ open: 0, restored: 0 },
  ...more,
});

const told = (runs: readonly RunStatus[], more: Partial<Status> = {}): string =>
  statusText({
    schemaVersion: 1,
    database,
    ledger: { schema: 'fk_guard', state: 'ready', runs: runs.length },
    runs,
    notValid: [],
    quarantine: { rows: 0, open: 0, restored: 0, bytes: 8192, tables: [] },
    ...more,
  });

test('a run that did everything', () => {
  const all = run({
    ...{
      origin: '2026-fix',
      resumes: 'r0',
      rowsDeleted: 1,
      rowsNullified: 2,
      rowsReparented: 3,
      parentsCreated: 1,
    },
    ...{
      rowsQuarantined: 1200,
      open: 1000,
      restored: 150,
      purged: { rows: 50, at: '2026-03-01T00:00:00.000Z' },
    },
  });
  expect(told([all])).toBe(
    [
      '1 run in the ledger, the latest first:',
      'booknexus on localhost (PostgreSQL 18.4)',
      '',
      'r1  repaired',
      '  2026-01-02 03:04 UTC, 1.2 s, by the migration 2026-fix, went on from r0',
      '  1 row deleted, 2 keys set to NULL, 3 rows given another parent and 1 parent',
      '  created',
      '  1,200 rows quarantined, cascades included: 1,000 open, 150 put back and 50',
      '  purged on 2026-03-01 00:00 UTC',
      '  to put them back: fk-guard restore r1',
      '',
      'Every foreign key is validated.',
      '',
      'The quarantine is empty (8.0 kB on disk).',
      '',
    ].join('\n'),
  );
});

test('the way back is named only where there is one', () => {
  expect(restoreCommand({ runId: 'r1', open: 0 })).toBeUndefined();
  expect(told([run({ rowsQuarantined: 3, restored: 3 })])).not.toContain('fk-guard restore');
});

test('how to go on is said of the last run of a chain, and that it counts of all', () => {
  const text = told([
    run({ runId: 'r3', status: 'partial', goesOn: true, resumes: 'r2' }),
    run({ runId: 'r2', status: 'interrupted', goesOn: true }),
    run({ runId: 'r1', status: 'interrupted' }),
  ]);
  const [, third, second, first] = text.split('\n\n');
  expect(third).toContain('To go on: fk-guard apply.');
  expect(second).toContain('A later run went on from it and has not ended either.');
  expect(
    [third, second].every((block) => block?.replace(/\s+/g, ' ').includes('counts for the limits.')),
  ).toBe(true);
  expect(first?.split('\n')).toHaveLength(3);
});

test.each([
  [{ status: 'running' }, 'It is at work now.'],
  [{ status: 'refused', goesOn: true, limited: true }, 'A limit stopped it.'],
] as const)('%j: %s', (more, words) => {
  expect(told([run(more)])).toContain(words);
});

test('a key that is not enforced is told as such', () => {
  const place = { schema: 'public', table: 'Fines', columns: ['checkoutId'] };
  const key = { constraint: 'k', child: place, parent: place, relation: 'Fine.checkoutId' };
  const text = told([], {
    notValid: [
      { ...key, enforced: false },
      { ...key, constraint: 'l', enforced: true },
    ],
  });
  expect(text).toContain('2 foreign keys not validated yet:\n  k, NOT ENFORCED, of Fine.checkoutId\n');
  expect(text).toContain('  l, NOT VALID, of Fine.checkoutId\n');
  expect(text).toContain('What stands in the way: fk-guard check');
});

test.each([
  ['none', 'No run yet: there is no schema "fk_guard", so the guard has changed nothing here.'],
  ['empty', `No run yet: the schema "fk_guard" has none of the guard's tables.`],
  ['ready', 'No run yet.'],
] as const)('a ledger that is %s', (state, words) => {
  const said = told([], { ledger: { schema: 'fk_guard', state, runs: 0 } }).replaceAll('\n', ' ');
  expect(said.slice(0, words.length)).toBe(words);
});
