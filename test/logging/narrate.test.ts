import type { Finding } from 'sequelize-fk-guard';
import { createEvents, type Events } from '../../src/events';
import { narrate, narrateFindings } from '../../src/logging/narrate';

const finding = (fields: Partial<Finding>): Finding => ({
  id: '',
  kind: 'unindexed-foreign-key',
  severity: 'warning',
  child: { schema: 'public', table: 'checkouts', columns: ['user_id'] },
  message: 'A is slow.',
  why: '',
  help: 'Build it.',
  repair: 'manual',
  ...fields,
});

/** The lines that a logger would get, each with its level. */
function told(...findings: readonly Finding[]): readonly string[] {
  const lines: string[] = [];
  const at = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  narrateFindings(findings, { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') });
  return lines;
}

test('advice that many places share is told once, with their number', () => {
  expect(told(...Array.from({ length: 40 }, () => finding({})))).toEqual([
    'warn fk-guard: unindexed-foreign-key: A is slow. And 39 more like it. Run npx fk-guard check to see them all.',
  ]);
});

test('a few are told one by one', () => {
  expect(told(finding({}), finding({ message: 'B is slow.' }), finding({ kind: 'invalid-index' }))).toEqual([
    'warn fk-guard: unindexed-foreign-key: A is slow. Build it.',
    'warn fk-guard: unindexed-foreign-key: B is slow. Build it.',
    'warn fk-guard: invalid-index: A is slow. Build it.',
  ]);
});

test('errors and refusals are never summed up', () => {
  const error = finding({ severity: 'error', kind: 'missing-foreign-key' });
  const refused = finding({
    repair: 'refused',
    refusal: { code: 'LIMIT', option: 'limits: { rows }', message: 'too many' },
  });
  expect(told(error, error, error, error)).toHaveLength(4);
  expect(told(refused, refused, refused, refused)).toEqual(
    Array(4).fill(
      'warn fk-guard: unindexed-foreign-key: A is slow. Not repaired (LIMIT): too many. To decide: limits: { rows }.',
    ),
  );
});

/** What a logger gets of events. */
function heard(happen: (events: Events) => void): readonly string[] {
  const lines: string[] = [];
  const at = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  const events = createEvents();
  narrate(events, { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') });
  happen(events);
  return lines;
}

test('a pause is a warning once, however often it is told, and its end is said', () => {
  const why = 'the table ops.hold has a row';
  const lines = heard((events) => {
    for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 1_000)
      events.emit('pause', { reason: 'sentinel', why, waitedMs });
    events.emit('resume', { reason: 'sentinel', waitedMs: 60_000 });
  });
  expect(lines).toEqual([
    `warn fk-guard: paused, because ${why}`,
    'info fk-guard: goes on after a pause of 1 min 0 s',
  ]);
});

test('a thousand batches are no thousand lines', () => {
  const batch = { step: '2', rowsTotal: 1e6, rowsLeft: 1, rowsPerSecond: 1, msLeft: 1, lockWaitMs: 0 };
  const lines = heard((events) => {
    events.emit('step', { id: '2', title: 'Quarantine', rows: 0 });
    for (let rowsDone = 0; rowsDone < 1000; rowsDone++) events.emit('batch', { ...batch, rowsDone });
  });
  expect(lines).toEqual(['info fk-guard: Quarantine']);
});
