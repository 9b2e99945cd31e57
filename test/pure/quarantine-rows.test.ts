import { isConverted, leftBy } from '../../src/quarantine/conversion-copy';
import { findRow, isUntouched, likeliestFirst } from '../../src/quarantine/find-row';
import { layoutOf } from '../../src/quarantine/layout';
import { listedRows } from '../../src/quarantine/list';
import { reasonOf } from '../../src/quarantine/restore-reason';
import { rowText } from '../../src/quarantine/row-text';
import type { TargetColumn } from '../../src/quarantine/target-columns';
import { changedColumnsOf, type CleanChange } from '../../src/quarantine/task';
import { decidedKeys, withoutKey } from '../../src/quarantine/watch';
import type { KeySpecification } from '../../src/changes/change';
import type { WatchedRelation } from '../../src/changes/watched-relation';
import { sql } from '../../src/sql';
import { AUTHOR, BOOK, catalog, column, EQUAL, foreignKey, name, table } from './catalog';
import { changes } from './changes';

const target = (of: string, more: Partial<TargetColumn> = {}): TargetColumn => ({
  name: of,
  type: 'integer',
  generated: false,
  keyEquality: undefined,
  default: undefined,
  triggered: false,
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

describe('the row that a changed copy belongs to', () => {
  const columns = [
    target('id', { keyEquality: EQUAL }),
    target('tenant', { keyEquality: EQUAL }),
    target('author'),
  ];

  it('is found by its primary key, by the key’s own operator', () => {
    expect(findRow(columns, { id: '1', tenant: '2', author: '3' }, ['author'])).toEqual({
      find: '"fk_guard_row"."id" operator("pg_catalog".=) $2 and "fk_guard_row"."tenant" operator("pg_catalog".=) $3',
      found: ['1', '2'],
    });
  });

  it('is found by what was not changed of the key', () => {
    expect(findRow(columns, { id: '1', tenant: '2', author: '3' }, ['tenant', 'author'])).toEqual({
      find: '"fk_guard_row"."id" operator("pg_catalog".=) $3',
      found: ['1'],
    });
  });

  it('is told by the changed columns alone where those are the whole key', () => {
    expect(findRow(columns, {}, ['id', 'tenant'])).toEqual({ find: 'true', found: [] });
  });

  it('is found by all that was not changed where there is no key; what is computed, or has come since, says nothing', () => {
    const keyless = [target('a'), target('sum', { generated: true }), target('author'), target('new')];
    const { find, found } = findRow(keyless, { a: '1', sum: '4', author: '3' }, ['author']);
    expect(found).toEqual(['{"a":"1"}']);
    expect(find).toBe(`${rowText(sql`"fk_guard_row"`, [target('a')])} = $2::jsonb`);
  });
});

describe('a column that nobody has written since', () => {
  const nobody = { given: {}, converted: {} };
  const untouched = (of: TargetColumn, left: Parameters<typeof isUntouched>[1]) => isUntouched(of, left);
  const isSeven = `pg_catalog.rtrim(pg_catalog.format('%s', "fk_guard_row"."author")) = pg_catalog.rtrim('7')`;

  it('is null, or has the default that SET DEFAULT gave it, and never the old value', () => {
    expect(untouched(target('author'), nobody)).toBe('("fk_guard_row"."author" is null)');
    expect(untouched(target('author', { default: sql`0` }), nobody)).toBe(
      '("fk_guard_row"."author" is null or "fk_guard_row"."author" is not distinct from (0))',
    );
  });

  it('has the parent that the guard gave it', () => {
    expect(untouched(target('author'), { given: { author: '7' }, converted: {} })).toBe(
      `("fk_guard_row"."author" is null or "fk_guard_row"."author" is not distinct from '7')`,
    );
    expect(untouched(target('author'), { given: { author: null }, converted: {} })).toBe(
      '("fk_guard_row"."author" is null)',
    );
  });

  it('has the value that a conversion left; its default is no sign then', () => {
    const left = { given: {}, converted: { author: '7' } };
    expect(untouched(target('author', { default: sql`0` }), left)).toBe(
      `("fk_guard_row"."author" is null or ${isSeven})`,
    );
    expect(untouched(target('author', { default: sql`0` }), { given: {}, converted: { author: null } })).toBe(
      '("fk_guard_row"."author" is null)',
    );
  });

  it('comes first where it has the converted value, for null may be anybody’s', () => {
    expect(likeliestFirst({ given: {}, converted: { author: '7', tenant: null } })).toBe(
      ` order by ${isSeven} desc nulls last`,
    );
    expect(likeliestFirst({ given: { author: '7' }, converted: { tenant: null } })).toBe('');
    expect(likeliestFirst({ given: {}, converted: { author: '7', b: '8' } })).toBe(
      ` order by ${isSeven} and pg_catalog.rtrim(pg_catalog.format('%s', "fk_guard_row"."b")) = pg_catalog.rtrim('8') desc nulls last`,
    );
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
    ['23514', 'as PostgreSQL says (23514)'],
  ])('%s', (code, reason) => expect(reasonOf(serverError(code))).toBe(reason));
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
