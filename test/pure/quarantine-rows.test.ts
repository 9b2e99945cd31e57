import { isConverted, leftBy } from '../../src/quarantine/conversion-copy';
import {
  hasAll,
  hasKey,
  hasWholeKey,
  isUntouched,
  keptKey,
  tellingColumns,
  type CopyValues,
} from '../../src/quarantine/restore/find-row';
import { layoutOf } from '../../src/quarantine/layout';
import { listedRows } from '../../src/quarantine/list';
import { isReason, reasonOf } from '../../src/quarantine/restore/reason';
import { rowText } from '../../src/quarantine/row-text';
import type { TargetColumn } from '../../src/quarantine/restore/target-columns';
import { changedColumnsOf, type CleanChange } from '../../src/quarantine/task';
import { decidedKeys, withoutKey } from '../../src/quarantine/watch';
import type { KeySpecification } from '../../src/changes/change';
import type { WatchedRelation } from '../../src/changes/watched-relation';
import { identifier, sql, typeName } from '../../src/sql';
import { FkGuardError } from '../../src/errors';
import { AUTHOR, BOOK, catalog, column, EQUAL, foreignKey, name, table } from './catalog';
import { changes } from './changes';

const target = (of: string, more: Partial<TargetColumn> = {}): TargetColumn => ({
  name: of,
  type: 'integer',
  input: typeName('integer'),
  generated: false,
  rounds: false,
  keyEquality: undefined,
  default: undefined,
  ...more,
});

describe('the text form of a row', () => {
  const textOf = (type: string) => rowText(sql`r`, [{ name: 'a', type }]);

  it('comes from the output function of each type, and null stays null', () => {
    expect(rowText(sql`r`, [column('a'), column('b"')])).toBe(
      `pg_catalog.jsonb_object(array['a', 'b"']::text[], array[case when r."a" is distinct from null then pg_catalog.format('%s', r."a") end, case when r."b""" is distinct from null then pg_catalog.format('%s', r."b""") end]::text[])`,
    );
  });

  it.each([
    ['xml', 'r."a"::text'],
    ['regproc', 'r."a"::oid'],
    ['regoper', 'r."a"::oid'],
    ['regclass', 'r."a"'],
    ['text', 'r."a"'],
  ])('of %s is taken from %s, which can be read back', (type, value) => {
    expect(textOf(type)).toContain(`format('%s', ${value}) end`);
  });
});

/** Where the values of a copy stand, by names that tell which of them is meant. */
const VALUES: CopyValues = {
  typed: (kind, { name }) => sql`${identifier(kind)}.${identifier(name)}`,
  text: (kind, { name }) => sql`${identifier(kind)}.${identifier(name)}`,
};

describe('the row that a changed copy belongs to', () => {
  const columns = [
    target('id', { keyEquality: EQUAL }),
    target('tenant', { keyEquality: EQUAL }),
    target('author'),
  ];
  const names = (of: readonly TargetColumn[]): readonly string[] => of.map(({ name }) => name);

  it('is found by its primary key, by the key’s own operator', () => {
    expect(hasKey(keptKey(columns, ['author']), VALUES)).toBe(
      '"fk_guard_row"."id" operator("pg_catalog".=) "value"."id" and "fk_guard_row"."tenant" operator("pg_catalog".=) "value"."tenant"',
    );
    expect(hasWholeKey(columns, ['author'])).toBe(true);
  });

  it('is found by what was not changed of the key, and may then be one of several', () => {
    expect(names(keptKey(columns, ['tenant', 'author']))).toEqual(['id']);
    expect(hasWholeKey(columns, ['tenant', 'author'])).toBe(false);
  });

  it('is told by the changed columns alone where those are the whole key', () => {
    expect(hasKey(keptKey(columns, ['id', 'tenant']), VALUES)).toBe('true');
  });

  it('has no whole key where there is none', () => {
    expect(hasWholeKey([target('author')], [])).toBe(false);
  });

  it('is found by all that was not changed where there is no key; what is computed, or has come since, says nothing', () => {
    const keyless = [target('a'), target('sum', { generated: true }), target('author'), target('new')];
    const telling = tellingColumns(keyless, { a: '1', sum: '4', author: '3' }, ['author']);
    expect(names(telling)).toEqual(['a']);
    expect(hasAll(telling, sql`"copy"`)).toBe(`${rowText(sql`"fk_guard_row"`, [target('a')])} = "copy"`);
  });
});

describe('a column that nobody has written since', () => {
  const nobody = { given: {}, converted: {} };
  const untouched = (of: TargetColumn, left: Parameters<typeof isUntouched>[1], isSure = true) =>
    isUntouched(of, left, VALUES, isSure);
  const isLeft = (name: string): string =>
    `pg_catalog.rtrim(pg_catalog.format('%s', "fk_guard_row"."${name}")) = pg_catalog.rtrim("converted"."${name}")`;

  it('is null, or has the default that SET DEFAULT gave it, and never the old value', () => {
    expect(untouched(target('author'), nobody)).toBe('("fk_guard_row"."author" is null)');
    expect(untouched(target('author', { default: sql`0` }), nobody)).toBe(
      '("fk_guard_row"."author" is null or "fk_guard_row"."author" is not distinct from (0))',
    );
  });

  it('has the parent that the guard gave it', () => {
    expect(untouched(target('author'), { given: { author: '7' }, converted: {} })).toBe(
      '("fk_guard_row"."author" is null or "fk_guard_row"."author" is not distinct from "given"."author")',
    );
    expect(untouched(target('author'), { given: { author: null }, converted: {} })).toBe(
      '("fk_guard_row"."author" is null)',
    );
  });

  it('has the value that a conversion left; its default is no sign then', () => {
    const left = { given: {}, converted: { author: '7' } };
    expect(untouched(target('author', { default: sql`0` }), left)).toBe(
      `("fk_guard_row"."author" is null or ${isLeft('author')})`,
    );
    expect(untouched(target('author', { default: sql`0` }), { given: {}, converted: { author: null } })).toBe(
      '("fk_guard_row"."author" is null)',
    );
  });

  it('is not null where a value was written and no whole key says which row it is, for null may be anybody’s', () => {
    const unsure = (left: Parameters<typeof isUntouched>[1]): string =>
      untouched(target('author'), left, false);
    expect(unsure({ given: {}, converted: { author: '7' } })).toBe(`(${isLeft('author')})`);
    expect(unsure({ given: { author: '7' }, converted: {} })).toBe(
      '("fk_guard_row"."author" is not distinct from "given"."author")',
    );
    expect(unsure({ given: { author: null }, converted: {} })).toBe('("fk_guard_row"."author" is null)');
    expect(unsure(nobody)).toBe('("fk_guard_row"."author" is null)');
  });

  it('is a conversion’s when no key led to it and it says so', () => {
    expect(isConverted(sql`q`)).toBe("(q.level = 0 and coalesce(q.via = 'type', false))");
  });

  it('is told apart by whose copy it is', () => {
    expect(leftBy(true, { a: '1' })).toEqual({ given: {}, converted: { a: '1' } });
    expect(leftBy(false, { a: '1' })).toEqual({ given: { a: '1' }, converted: {} });
  });
});

describe('why a row stays out', () => {
  const serverError = (code: string) =>
    Object.assign(new Error('as PostgreSQL says'), { code, constraint: 'book_fk' });

  it.each([
    ['23503', 'its parent is still missing (book_fk)'],
    ['23505', 'its key is taken (book_fk)'],
    ['22003', 'a value does not fit its column any more (22003)'],
    ['23514', 'as PostgreSQL says (23514)'],
  ])('%s', (code, text) =>
    expect(reasonOf(serverError(code))).toEqual({ text, code, constraint: 'book_fk' }),
  );

  it.each(['22003', '23503', '23505', '42501', '42703', 'P0001'])(
    '%s is about the row or its table',
    (code) => expect(isReason(serverError(code))).toBe(true),
  );

  it.each(['08006', '25P02', '40P01', '53100', '54000', '55P03', '57014', '58030', 'XX000', 'ECONNRESET'])(
    '%s is about neither',
    (code) => expect(isReason(serverError(code))).toBe(false),
  );

  it('nor is an error of the guard’s own, or one without a code', () => {
    expect(isReason(new FkGuardError('SQL', 'no', 'none', serverError('23505')))).toBe(false);
    expect(isReason(new Error('no'))).toBe(false);
  });
});

describe('what a clean-up changes', () => {
  const change: CleanChange = changes['clean-orphans'];
  it.each([
    ['nothing where it deletes', change, []],
    ['the whole key', { ...change, strategy: 'nullify' }, ['userId', 'tenantId']],
    ['some columns of it', { ...change, strategy: 'nullify', nullColumns: ['userId'] }, ['userId']],
    ['the whole key, for another parent', { ...change, strategy: 'reparent' }, ['userId', 'tenantId']],
  ] as const)('%s', (_, of, columns) => expect(changedColumnsOf(of)).toEqual(columns));
});

describe('what copies rest on', () => {
  it('the tables and their partitions, by oid, each with all its columns', () => {
    const part = table('book_1', [column('id'), column('twice', { type: 'bigint', generated: 'stored' })], {
      oid: 1,
      partitionOf: name('book'),
    });
    expect(layoutOf([BOOK], catalog([BOOK, AUTHOR, part]))).toEqual([
      [
        1,
        'app',
        'book_1',
        [
          ['id', 'integer', 'no'],
          ['twice', 'bigint', 'stored'],
        ],
      ],
      [
        3,
        'app',
        'book',
        [
          ['id', 'integer', 'no'],
          ['author', 'integer', 'no'],
        ],
      ],
    ]);
  });

  it('each of the tables, and no other one', () => {
    const page = table('page', [], { oid: 7 });
    const oids = layoutOf([BOOK, AUTHOR], catalog([page, BOOK, AUTHOR])).map(([oid]) => oid);
    expect(oids).toEqual([2, 3]);
  });

  it('the list of a batch is a range of numbers', () => {
    expect(listedRows(sql`"fk_guard"`, 11, 20)).toBe(
      'select l.source_oid, l.source_ctid from "fk_guard".orphan_list l where l.number between 11 and 20',
    );
  });
});

describe('keys that may decide about rows', () => {
  const live = foreignKey();
  const watched: WatchedRelation = {
    relation: 'Book.author',
    child: name('book'),
    childColumns: ['author'],
    parent: name('author'),
    parentColumns: ['id'],
    equality: [EQUAL],
  };
  const undecided: WatchedRelation = { ...watched, undecided: true };
  const added: KeySpecification = {
    name: live.name,
    child: live.child,
    childColumns: live.childColumns,
    parent: live.parent,
    parentColumns: live.parentColumns,
    onDelete: 'CASCADE',
    onUpdate: 'CASCADE',
  };
  const decided = (watch: readonly WatchedRelation[], made: readonly KeySpecification[] = [added]): boolean =>
    decidedKeys(catalog(undefined, [live]), watch, made).foreignKeys.includes(live);

  it('are not those that the guard has made of a default', () => {
    expect(decided([undecided])).toBe(false);
  });

  it.each([
    ['that somebody has decided about', [watched], [added]],
    ['that the database had by itself', [undecided], []],
    ['whose action somebody has changed since', [undecided], [{ ...added, onDelete: 'RESTRICT' }]],
    ['on other columns', [{ ...undecided, childColumns: ['editor'] }], [added]],
    ['to another parent', [{ ...undecided, parent: name('person') }], [added]],
    ['of another child', [{ ...undecided, child: name('page') }], [added]],
    ['which the guard has made on other columns', [undecided], [{ ...added, childColumns: ['editor'] }]],
  ] as const)('are those %s', (_, watch, made) => expect(decided(watch, made)).toBe(true));

  const left = (
    keys: Parameters<typeof catalog>[1],
    deletes: readonly ReturnType<typeof name>[],
    tables = [AUTHOR, BOOK],
    watch: readonly WatchedRelation[] = [undecided],
  ) => {
    const whole = catalog(tables, keys);
    return withoutKey(watch, deletes, decidedKeys(whole, watch, [added]), whole).map((path) => path.name);
  };

  it('keep rows from going that a relation without a key points at', () => {
    expect(left([], [name('author')])).toEqual(['app.book(author), which has no key']);
    expect(left([live], [name('author')])).toEqual(['app.book(author), whose ON DELETE is only a default']);
    expect(left([live], [name('author')], undefined, [watched])).toEqual([]);
    expect(left([], [name('book')])).toEqual([]);
    expect(left([], [])).toEqual([]);
  });

  it('also through a partition of the parent, or the whole of it', () => {
    const part = table('author_1', [], { oid: 9, partitionOf: name('author') });
    expect(left([], [name('author_1')], [AUTHOR, BOOK, part])).toHaveLength(1);
    const ofPart = { ...undecided, parent: name('author_1') };
    expect(left([], [name('author')], [AUTHOR, BOOK, part], [ofPart])).toHaveLength(1);
    expect(left([], [name('author_1')], [AUTHOR, BOOK])).toEqual([]);
  });

  it('names all columns of a relation', () => {
    const both = { ...undecided, childColumns: ['tenant', 'author'] };
    expect(left([], [name('author')], undefined, [both])).toEqual([
      'app.book(tenant, author), which has no key',
    ]);
  });
});
