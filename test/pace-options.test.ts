import { FkGuardError } from '../src/errors';
import type { Settings } from '../src/options';
import { parseOptions } from '../src/parse-options';

const parsed = (options: object): Settings => parseOptions(options, {});

function refused(options: object): string {
  try {
    parsed(options);
  } catch (error) {
    if (error instanceof FkGuardError && error.code === 'OPTIONS') return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

test('none of them is on by itself', () => {
  const { sentinel, maxLag, maxRunTime, maxRunRows } = parsed({});
  expect([sentinel, maxLag, maxRunTime, maxRunRows]).toEqual([undefined, undefined, undefined, undefined]);
});

test('durations become milliseconds, and the name of a table its parts', () => {
  const options = {
    maxLag: '10s',
    maxRunTime: '2h',
    maxRunRows: 5000,
    sentinel: { file: 'hold', table: 'ops.hold' },
  };
  expect(parsed(options)).toMatchObject({
    ...{ maxLag: 10_000, maxRunTime: 7_200_000, maxRunRows: 5_000 },
    sentinel: { file: 'hold', table: { schema: 'ops', name: 'hold' } },
  });
});

test.each([
  ['"Ops.x"."On ""hold"""', { schema: 'Ops.x', name: 'On "hold"' }],
  ['Ops.Hold', { schema: 'Ops', name: 'Hold' }],
  ['ops.größe_1$', { schema: 'ops', name: 'größe_1$' }],
])('%s is a table', (table, name) => {
  expect(parsed({ sentinel: { table } }).sentinel?.table).toEqual(name);
});

test.each([
  'hold',
  'a.b.c',
  'ops.hold; drop table users',
  'ops.hold where true',
  ' ops.hold',
  'ops."hold',
  'ops.""',
  'ops.1st',
  '.hold',
  "ops.hold'",
  'ops.hold--',
  '"a\0b".c',
])('%j is none', (table) => {
  expect(refused({ sentinel: { table } })).toBe(
    'Invalid options: "sentinel.table" must be one table with its schema, such as "ops.hold".',
  );
});

test.each([
  [{ sentinel: {} }, '"sentinel" must name a file, a table, or both.'],
  [{ sentinel: { file: '' } }, '"sentinel.file" must not be empty.'],
  [{ sentinel: { tabel: 'ops.hold' } }, '"sentinel.tabel" is not an option; did you mean "table"?'],
  [{ sentinel: { table: 7 } }, '"sentinel.table" must be a table such as "ops.hold".'],
  [{ maxLag: '0' }, '"maxLag" must not be 0: nothing would ever be done.'],
  [{ maxRunTime: '0s' }, '"maxRunTime" must not be 0: nothing would ever be done.'],
  [{ maxRunTime: 'soon' }, '"maxRunTime" must be a duration such as "100ms", "30s" or "5m".'],
  [{ maxRunTime: 60 }, '"maxRunTime" must be a duration such as "30s".'],
  [{ maxRunRows: 0 }, '"maxRunRows" must be a whole number from 1.'],
  [{ maxRunRows: 1.5 }, '"maxRunRows" must be a whole number from 1.'],
  [{ maxRunRow: 1 }, '"maxRunRow" is not an option; did you mean "maxRunRows"?'],
])('%j is wrong, and it is said what', (options, message) => {
  expect(refused(options)).toBe(`Invalid options: ${message}`);
});
