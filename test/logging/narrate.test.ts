import type { Finding } from 'sequelize-fk-guard';
import { narrateFindings } from '../../src/logging/narrate';

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
