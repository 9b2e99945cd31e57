import { partialKeys } from '../../src/pairing/half-null';
import { bestFirst, isDeferrableAs, isExactly } from '../../src/pairing/live-key';
import { comparableRows, measurable, orphanCondition, proof } from '../../src/pairing/measurable';
import { isUsable, pair } from '../../src/pairing/pair';
import { resolverOf } from '../../src/pairing/resolve';
import { hearing, withSameColumns } from '../../src/pairing/same-columns';
import type { Table } from '../../src/catalog/catalog';
import type { Declaration } from '../../src/expected';
import type { PairedRelation } from '../../src/snapshot';
import {
  AUTHOR,
  BOOK,
  catalog,
  column,
  foreignKey,
  name,
  paired,
  relation,
  table,
  uniqueIndex,
  wanted,
} from './catalog';

describe('the table that a name without a schema means', () => {
  const there = (schema: string) => ({ ...table('book', []), name: { schema, name: 'book' } });
  const resolve = resolverOf({
    server: { ...catalog().server, searchPath: ['own', 'app', 'public'] },
    tables: [there('public'), there('app')],
  });

  it('is the first along the search_path', () => {
    expect(resolve({ name: 'book' })).toEqual({ schema: 'app', name: 'book' });
  });
  it('would be made in the first schema of it, where there is none', () => {
    expect(resolve({ name: 'lost' })).toEqual({ schema: 'own', name: 'lost' });
  });
  it('would be in public where the path is empty', () => {
    const lost = resolverOf({ server: { ...catalog().server, searchPath: [] }, tables: [] });
    expect(lost({ name: 'lost' })).toEqual({ schema: 'public', name: 'lost' });
  });
  it('is never looked for where the schema is named', () => {
    expect(resolve({ schema: 'else', name: 'book' })).toEqual({ schema: 'else', name: 'book' });
  });
});

describe('what a key may rest on (42830)', () => {
  it.each([
    ['a valid, full, immediate unique index', {}, true],
    ['no partial one', { partial: true }, false],
    ['no deferrable one', { deferrable: true }, false],
    ['no invalid one', { valid: false }, false],
    ['no wider one', { columns: ['id', 'tenant'] }, false],
  ])('%s', (_, more, usable) => expect(isUsable({ ...uniqueIndex(['id']), ...more }, ['id'])).toBe(usable));

  it('the order of the columns does not matter', () => {
    expect(isUsable(uniqueIndex(['tenant', 'id']), ['id', 'tenant'])).toBe(true);
  });
});

describe('of several keys that say what is wanted', () => {
  const [older, newer] = [foreignKey({ oid: 1, name: 'older' }), foreignKey({ oid: 2, name: 'newer' })];
  /** The first one, from whichever side they are compared. */
  const first = (one: object, other: object): string => {
    const keys = [
      { ...older, ...one },
      { ...newer, ...other },
    ];
    const found = [keys, keys.toReversed()].map((list) => list.toSorted(bestFirst(wanted()))[0]?.name);
    return found[0] === found[1] ? (found[0] ?? '') : found.join(' or ');
  };

  it('the oldest stands for the relation when nothing tells them apart', () => {
    expect([newer, older].sort(bestFirst(wanted()))[0]).toBe(older);
    expect(first({}, {})).toBe('older');
  });

  it.each([
    ['one that acts', { enforced: false }, {}],
    ['one whose triggers are on', { triggersEnabled: false }, {}],
    ['a validated one', { validated: false }, {}],
    ['a stricter one (MATCH FULL)', {}, { matchFull: true }],
    ['one with the ON DELETE of the models', { onDelete: 'NO ACTION' }, {}],
    ['one with the ON UPDATE of the models', { onUpdate: 'NO ACTION' }, {}],
  ])('%s comes first', (_, one, other) => expect(first(one, other)).toBe('newer'));

  it('one that is checked when the models say comes first', () => {
    const deferred = wanted({ deferrable: 'INITIALLY DEFERRED' });
    const keys = [older, { ...newer, deferrable: true, initiallyDeferred: true }];
    expect(keys.sort(bestFirst(deferred))[0]?.name).toBe('newer');
  });

  it.each([
    ['acting before validated', { enforced: false }, { validated: false }],
    ['validated before MATCH FULL', { validated: false, matchFull: true }, {}],
    ['MATCH FULL before the action', {}, { matchFull: true, onDelete: 'NO ACTION' }],
    ['ON DELETE before ON UPDATE', { onDelete: 'NO ACTION' }, { onUpdate: 'NO ACTION' }],
  ])('%s', (_, one, other) => expect(first(one, other)).toBe('newer'));
});

describe('when a key is checked', () => {
  const deferred = { deferrable: true, initiallyDeferred: true };
  it.each([
    ['is of no matter where nobody has said when', undefined, deferred, true],
    ['is as it was said', 'INITIALLY DEFERRED', deferred, true],
    ['is not as it was said', 'INITIALLY IMMEDIATE', deferred, false],
    ['is at once', 'INITIALLY IMMEDIATE', { deferrable: true }, true],
    ['is at once and always', 'NOT DEFERRABLE', {}, true],
  ] as const)('%s', (_, deferrable, key, as) => {
    expect(isDeferrableAs(foreignKey(key), wanted(deferrable && { deferrable }))).toBe(as);
  });
});

describe('a key is exactly what is wanted', () => {
  const isWanted = (more: object, of = wanted()) => isExactly(foreignKey(more), of, name('author'));

  it.each([
    ['when all of it is so', {}, true],
    ['unless it deletes otherwise', { onDelete: 'RESTRICT' }, false],
    ['unless it points at another table', { parent: name('person') }, false],
    ['unless it points at another column', { parentColumns: ['number'] }, false],
    ['whatever its ON UPDATE is, where nobody wrote one', { onUpdate: 'RESTRICT' }, true],
  ])('%s', (_, more, exactly) => expect(isWanted(more)).toBe(exactly));

  it('unless its ON UPDATE is another than the one that somebody wrote', () => {
    const written = wanted({ onUpdate: { resolved: 'RESTRICT', explicit: ['RESTRICT'] } });
    expect(isWanted({ onUpdate: 'RESTRICT' }, written)).toBe(true);
    expect(isWanted({ onUpdate: 'CASCADE' }, written)).toBe(false);
  });

  it('with its columns in another order, each with its own partner', () => {
    const both = wanted({ childColumns: ['author', 'tenant'], parentColumns: ['id', 'tenant'] });
    const turned = { childColumns: ['tenant', 'author'], parentColumns: ['tenant', 'id'] };
    expect(isWanted(turned, both)).toBe(true);
    expect(isWanted({ ...turned, parentColumns: ['id', 'tenant'] }, both)).toBe(false);
    expect(isWanted({ ...turned, parentColumns: ['tenant', 'number'] }, both)).toBe(false);
  });
});

describe('whether the rows of a relation are looked at', () => {
  const answer = (
    book: Partial<Table>,
    author: Partial<Table> = {},
    keys = [] as Parameters<typeof foreignKey>[0][],
  ) =>
    measurable(
      paired(
        catalog(
          [
            { ...AUTHOR, ...author },
            { ...BOOK, ...book },
          ],
          keys.map(foreignKey),
        ),
      ),
      'needed',
    );

  it('yes, by the columns, the tables and an operator that no search_path can replace', () => {
    expect(answer({})).toEqual({
      child: name('book'),
      childColumns: ['author'],
      parent: name('author'),
      parentColumns: ['id'],
      equality: [{ schema: 'pg_catalog', name: '=' }],
    });
  });

  const notReadable = { may: { own: false, select: false, lock: true } };
  it.each([
    ['a child that may not be read', notReadable, {}, 'unreadable'],
    ['a parent that may not be read', {}, notReadable, 'unreadable'],
    ['a foreign partition of the child', { foreignPartitions: true }, {}, 'unreadable'],
    ['a foreign partition of the parent', {}, { foreignPartitions: true }, 'unreadable'],
    ['row security of the child, which hides rows', { rowSecurity: true }, {}, 'row-security'],
    ['row security of the parent, which hides parents', {}, { rowSecurity: true }, 'row-security'],
    ['a child that is a view', { kind: 'view' }, {}, 'not-a-table'],
    ['a parent that is a view', {}, { kind: 'view' }, 'not-a-table'],
    ['a parent that is a foreign table', {}, { kind: 'foreign table' }, 'not-a-table'],
    ['inheritance below the child', { inherited: true }, {}, 'inheritance'],
    ['inheritance below the parent', {}, { inherited: true }, 'inheritance'],
    ['a child without the column', { columns: [column('id')] }, {}, 'missing-column'],
    ['a parent without the column', {}, { columns: [column('number')] }, 'missing-column'],
    ['a child of another type', { columns: [column('author', { type: 'uuid' })] }, {}, 'type-mismatch'],
  ] as const)('no, where it meets %s', (_, book, author, reason) =>
    expect(answer(book, author)).toBe(reason),
  );

  it.each(['table', 'partitioned table'] as const)('yes, for a %s', (kind) => {
    expect(typeof answer({ kind }, { kind })).toBe('object');
  });

  it('no, without a table', () => {
    expect(measurable(paired(catalog([AUTHOR])), 'all')).toBe('missing-table');
    expect(measurable(paired(catalog([BOOK])), 'all')).toBe('missing-table');
    for (const there of [AUTHOR, BOOK])
      expect(comparableRows(paired(catalog([there])), 'all')).toBe('missing-table');
    const other = { text: 'Book.belongsTo(Person)', parent: name('person') };
    for (const there of [AUTHOR, BOOK])
      expect(measurable(paired(catalog([there]), { declarations: [other] }), 'all')).toBe('missing-table');
  });

  it('text against `character` only as a live key compares it', () => {
    const author = { columns: [column('id', { type: 'character(3)' })] };
    const book = { columns: [column('author', { type: 'text' })] };
    expect(answer(book, author)).toBe('type-mismatch');
    expect(typeof answer(book, author, [{ validated: false }])).toBe('object');
  });

  it('not where a key proves that there are no orphans, unless all is to be counted', () => {
    const proved = paired(catalog(undefined, [foreignKey()]));
    expect(measurable(proved, 'needed')).toBe('trusted');
    expect(typeof measurable(proved, 'all')).toBe('object');
  });

  it('not where a key with a PERIOD covers the rows, which equality cannot tell', () => {
    expect(answer({}, {}, [{ temporal: true, validated: false }])).toBe('temporal');
  });

  it('not while the models name two parents, or take the child’s own id for the key', () => {
    const other = { text: 'Book.belongsTo(Person)', parent: name('person') };
    expect(measurable(paired(catalog(), { declarations: [other] }), 'all')).toBe('contradictory-models');
    const wrongWay = { ...paired(catalog()), wrongWay: true };
    expect(measurable(wrongWay, 'all')).toBe('foreign-key-on-primary-key');
  });

  it.each([
    ['not validated', { validated: false }],
    ['not enforced', { enforced: false }],
    ['switched off', { triggersEnabled: false }],
  ])('a key that is %s proves nothing', (_, more) => {
    expect(proof(paired(catalog(undefined, [foreignKey(more)])))).toBeUndefined();
  });

  it('a key with another action proves as much, and one to another parent nothing', () => {
    const rival = foreignKey({ onDelete: 'RESTRICT' });
    expect(proof(paired(catalog(undefined, [rival])))).toBe(rival);
    expect(proof(paired(catalog(undefined, [foreignKey({ parent: name('person') })])))).toBeUndefined();
  });
});

describe('the equality by which orphans are found', () => {
  const [ofKey, ofIndex] = ['of_key', 'of_index'].map((schema) => ({ schema, name: '=' }));
  const indexed = {
    ...AUTHOR,
    uniqueIndexes: [uniqueIndex(['id'], { equality: ofIndex ? [ofIndex] : [] })],
  };
  const operators = (pair: PairedRelation) => orphanCondition(pair).equality;

  it('is that of the live key, which PostgreSQL itself compares by', () => {
    const key = foreignKey({ validated: false, equality: ofKey ? [ofKey] : [] });
    expect(operators(paired(catalog([indexed, BOOK], [key])))).toEqual([ofKey]);
    expect(operators(paired(catalog([indexed, BOOK], [{ ...key, onDelete: 'RESTRICT' }])))).toEqual([ofKey]);
  });

  it('is not that of a key to another parent', () => {
    const key = foreignKey({ parent: name('person'), equality: ofKey ? [ofKey] : [] });
    expect(operators(paired(catalog([indexed, BOOK], [key])))).toEqual([ofIndex]);
  });

  it('is that of the index that a key would rest on, else that of the type', () => {
    expect(operators(paired(catalog([indexed, BOOK])))).toEqual([ofIndex]);
    const bare = { ...AUTHOR, uniqueIndexes: [] };
    expect(operators(paired(catalog([bare, BOOK])))).toEqual([{ schema: 'pg_catalog', name: '=' }]);
  });

  it('is never guessed', () => {
    expect(() => operators(paired(catalog([BOOK])))).toThrow('no equality operator for id');
  });
});

describe('keys that may be half null', () => {
  const [tenant, author] = [column('tenant'), column('author')];
  const book = { ...BOOK, columns: [column('id'), tenant, author] };
  const composite = { childColumns: ['tenant', 'author'], parentColumns: ['tenant', 'id'] } as const;
  const found = (child: Table, keys: readonly Parameters<typeof foreignKey>[0][] = [], declared = true) =>
    partialKeys(
      pair(
        declared ? [wanted(composite)] : [],
        [{ model: 'Book', table: name('book'), columns: [], primaryKey: [], indexes: [] }],
        catalog(
          [AUTHOR, child],
          keys.map((key) => foreignKey({ ...composite, ...key })),
        ),
      ),
    ).map(({ columns }) => columns.join());

  it('are composite', () => {
    expect(found(book)).toEqual(['tenant,author']);
    expect(partialKeys(pair([wanted()], [], catalog()))).toEqual([]);
  });

  it.each([
    ['a column is missing', { columns: [column('id'), author] }],
    ['no column may be null', { columns: [tenant, author].map((of) => ({ ...of, notNull: true })) }],
    ['the rows cannot be read', { may: { own: true, select: false, lock: true } }],
    ['row security hides rows', { rowSecurity: true }],
    ['it is a view', { kind: 'view' }],
    ['inheritance adds rows', { inherited: true }],
    ['partitions are elsewhere', { foreignPartitions: true }],
  ] as const)('are not counted where %s', (_, more) => expect(found({ ...book, ...more })).toEqual([]));

  it('are counted in a partitioned table', () => {
    expect(found({ ...book, kind: 'partitioned table' })).toEqual(['tenant,author']);
  });

  it('are counted where only one of the columns may be null', () => {
    expect(found({ ...book, columns: [{ ...tenant, notNull: true }, author] })).toEqual(['tenant,author']);
  });

  it.each([
    ['MATCH FULL', { matchFull: true }, []],
    ['MATCH FULL that is not validated', { matchFull: true, validated: false }, ['tenant,author']],
    ['MATCH FULL that is switched off', { matchFull: true, triggersEnabled: false }, ['tenant,author']],
    ['MATCH SIMPLE', {}, ['tenant,author']],
    ['a PERIOD', { temporal: true }, []],
  ] as const)('under a live key with %s', (_, key, columns) => {
    expect(found(book, [key])).toEqual(columns);
  });

  it('are also those that no model declares, without the strict ones', () => {
    expect(found(book, [{}], false)).toEqual(['tenant,author']);
    expect(found(book, [{ matchFull: true }], false)).toEqual([]);
    expect(found(book, [{ temporal: true }], false)).toEqual([]);
    expect(found(BOOK, [{}], false)).toEqual([]);
  });

  it('are told table by table, also where two tables have the same columns', () => {
    const page = { ...book, oid: 5, name: name('page') };
    const [ofBook, ofPage] = ['book', 'page'].map((child) => ({
      ...wanted(composite),
      id: child,
      child: name(child),
    }));
    if (!ofBook || !ofPage) throw new Error('there are two');
    const whole = catalog([AUTHOR, book, page], [foreignKey({ ...composite })]);
    const tables = (relations: readonly (typeof ofBook)[], models: readonly string[]) =>
      partialKeys(
        pair(
          relations,
          models.map((of) => ({ model: of, table: name(of), columns: [], primaryKey: [], indexes: [] })),
          whole,
        ),
      ).map(({ child }) => child.name.name);
    expect(tables([ofBook, ofPage], [])).toEqual(['book', 'page']);
    expect(tables([], ['book', 'page'])).toEqual(['book']);
  });

  it('are told once, whatever the order of the columns', () => {
    const turned = { childColumns: ['author', 'tenant'], parentColumns: ['id', 'tenant'] };
    expect(found(book, [{}, { ...turned, oid: 11 }], false)).toEqual(['tenant,author']);
  });
});

describe('two models of one table', () => {
  const here = relation({ declarations: [{ text: 'first' }, { text: 'both' }] });
  const there = relation({
    id: 'Volume.author',
    child: { name: 'book' },
    scoped: 'kind',
    onDelete: { resolved: 'SET NULL', explicit: ['SET NULL', 'CASCADE'] },
    onUpdate: { resolved: 'RESTRICT', explicit: ['RESTRICT'] },
    declarations: [{ text: 'both' }, { text: 'second' }],
  });

  it('are heard together: each keeps its own resolved action, and knows what the other has written', () => {
    expect(hearing(here, there)).toEqual({
      ...here,
      scoped: 'kind',
      onDelete: { resolved: 'CASCADE', explicit: ['CASCADE', 'SET NULL'] },
      onUpdate: { resolved: 'CASCADE', explicit: ['RESTRICT'] },
      declarations: [{ text: 'first' }, { text: 'both' }, { text: 'second' }],
    });
    expect(hearing(here, here)).toBe(here);
    expect('scoped' in hearing(here, { ...here })).toBe(false);
  });

  const resolve = resolverOf(catalog());
  const explicit = (others: Parameters<typeof withSameColumns>[0]) =>
    withSameColumns(others, resolve).relations.map(({ onDelete }) => onDelete.explicit);

  it('are known by where the table is found, and their columns in any order', () => {
    expect(explicit({ tables: [], relations: [here, there] })).toEqual([
      ['CASCADE', 'SET NULL'],
      ['SET NULL', 'CASCADE'],
    ]);
    const [a, b] = [
      ['x', 'y'],
      ['y', 'x'],
    ].map((childColumns) => ({ childColumns }));
    expect(
      explicit({
        tables: [],
        relations: [
          { ...here, ...a },
          { ...there, ...b },
        ],
      })[0],
    ).toHaveLength(2);
    expect(explicit({ tables: [], relations: [here, { ...there, childColumns: ['editor'] }] })[0]).toEqual([
      'CASCADE',
    ]);
    expect(explicit({ tables: [], relations: [here, { ...there, child: name('volume') }] })[0]).toEqual([
      'CASCADE',
    ]);
  });

  it('are also heard when nobody wants the other one compared now', () => {
    expect(explicit({ tables: [], relations: [here], others: [there] })).toEqual([['CASCADE', 'SET NULL']]);
  });
});

describe('the models beside the catalog', () => {
  const model = { model: 'Book', table: { name: 'book' }, columns: [], primaryKey: [], indexes: [] } as const;
  const unclaimed = (keys: readonly Parameters<typeof foreignKey>[0][], more = {}) =>
    pair([wanted(more)], [model], catalog(undefined, keys.map(foreignKey))).unclaimed.map(({ oid }) => oid);

  it('a key is unclaimed when no relation is on its columns', () => {
    expect(unclaimed([{ oid: 1 }, { oid: 2, childColumns: ['editor'] }])).toEqual([2]);
  });

  it('a key of a table that no model is stored in is nobody’s business', () => {
    expect(unclaimed([{ oid: 2, child: name('other') }])).toEqual([]);
  });

  it('a key that belongs to a partitioned table’s is neither claimed nor unclaimed, and nobody’s holder', () => {
    expect(unclaimed([{ oid: 2, childColumns: ['editor'], inherited: true }])).toEqual([]);
    const { holder, rivals } = paired(catalog(undefined, [foreignKey({ inherited: true })]));
    expect([holder, rivals]).toEqual([undefined, []]);
  });

  it('a rival is claimed; a second meaning is not, unless the models name its parent too', () => {
    expect(unclaimed([{ oid: 1 }, { oid: 2, onDelete: 'RESTRICT' }])).toEqual([]);
    expect(unclaimed([{ oid: 1 }, { oid: 2, parent: name('person') }])).toEqual([2]);
    const declarations = [{ text: 'Book.belongsTo(Person)', parent: name('person') }];
    expect(unclaimed([{ oid: 1 }, { oid: 2, parent: name('person') }], { declarations })).toEqual([]);
  });

  it('rivals are in the order of their age', () => {
    const { rivals } = paired(
      catalog(
        undefined,
        [3, 1, 2].map((oid) => foreignKey({ oid, onDelete: 'RESTRICT' })),
      ),
    );
    expect(rivals.map(({ oid }) => oid)).toEqual([1, 2, 3]);
  });

  it('a key to another parent is a rival only where none points at the right one', () => {
    const elsewhere = foreignKey({ oid: 2, parent: name('person') });
    const alone = paired(catalog(undefined, [elsewhere]));
    expect([alone.rivals, alone.elsewhere]).toEqual([[elsewhere], []]);
    const right = foreignKey({ onDelete: 'RESTRICT' });
    const beside = paired(catalog(undefined, [right, elsewhere]));
    expect([beside.rivals, beside.elsewhere]).toEqual([[right], [elsewhere]]);
  });

  it('names the place of a key that stands on a partition only', () => {
    const whole = { ...BOOK, kind: 'partitioned table' } as const;
    const part = { ...BOOK, oid: 4, name: name('book_1'), partitionOf: name('book') };
    const own = foreignKey({ child: name('book_1') });
    expect(paired(catalog([AUTHOR, whole, part], [own])).partitions).toEqual([
      { table: part, keys: [own], parts: [] },
    ]);
    expect(paired(catalog([AUTHOR, BOOK])).partitions).toBeUndefined();
  });
});

describe('what the places in the models say about the parent', () => {
  const says = (declarations: readonly Declaration[]) => paired(catalog(), { declarations });

  it('is of no interest as long as they agree', () => {
    expect(says([{ text: 'a', parent: name('author') }, { text: 'b' }]).claims).toEqual([]);
    expect(says([{ text: 'a', parent: name('author'), parentColumn: 'id' }]).claims).toEqual([]);
  });

  it('is a contradiction about the table, or about its column', () => {
    const lines = [
      { text: 'a', parent: name('author'), parentColumn: 'number' },
      { text: 'b', parent: name('author') },
    ];
    const { claims, otherParents } = says(lines);
    expect(claims).toStrictEqual([
      { text: 'a', parent: name('author'), column: 'number' },
      { text: 'b', parent: name('author') },
    ]);
    expect(otherParents).toEqual([name('author')]);
  });

  it('names each other parent once', () => {
    const { otherParents } = says(['a', 'b'].map((text) => ({ text, parent: name('person') })));
    expect(otherParents).toEqual([name('person')]);
  });

  const hasMany = { text: 'Author.hasMany(Book)', method: 'hasMany', parent: name('author') } as const;
  const ownId = (declaration: object) =>
    paired(catalog([AUTHOR, { ...BOOK, uniqueIndexes: [uniqueIndex(['id'], { primary: true })] }]), {
      childColumns: ['id'],
      declarations: [{ ...hasMany, ...declaration }],
    }).wrongWay;

  it('is also the wrong way round by the primary key that only the model has', () => {
    const model = { model: 'Book', table: name('book'), columns: [], primaryKey: ['id'], indexes: [] };
    const own = wanted({ childColumns: ['id'], declarations: [hasMany] });
    expect(pair([own], [model], catalog()).relations[0]?.wrongWay).toBe(true);
    expect(pair([own], [{ ...model, model: 'Page' }], catalog()).relations[0]?.wrongWay).toBe(false);
  });

  it('is the wrong way round when a hasMany takes the child’s whole primary key', () => {
    expect(ownId({})).toBe(true);
    expect(ownId({ method: 'hasOne' })).toBe(false);
    expect(ownId({ method: 'belongsTo' })).toBe(false);
    expect(ownId({ parent: undefined })).toBe(false);
    expect(paired(catalog(), { declarations: [hasMany] }).wrongWay).toBe(false);
  });
});
