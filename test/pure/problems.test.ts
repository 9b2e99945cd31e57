import type { ForeignKey, Index } from '../../src/catalog/catalog';
import { AUTHOR, BOOK, catalog, column, foreignKey, name, table, uniqueIndex } from './catalog';
import { diagnosed, model, NONE, orphaned } from './diagnosed';

/** What a composite key adds: a column of the tenant on both sides. */
const BOTH = { childColumns: ['tenant', 'author'], parentColumns: ['tenant', 'id'] };
const WRITER = {
  ...AUTHOR,
  columns: [column('tenant', { notNull: true }), column('id', { notNull: true })],
  uniqueIndexes: [uniqueIndex(['tenant', 'id'], { primary: true })],
};
const VOLUME = { ...BOOK, columns: [column('id'), column('tenant', { notNull: true }), column('author')] };
const index = (columns: readonly string[], more: Partial<Index> = {}): Index => ({
  name: 'left_over',
  columns,
  unique: false,
  valid: true,
  searchable: true,
  needed: false,
  building: false,
  ...more,
});

describe('orphans that are cleaned', () => {
  const explicit = { onDelete: { resolved: 'SET NULL', explicit: ['SET NULL'] } } as const;
  const limits = { rows: 1000, fraction: 1 };
  const changeOf = (relations: readonly object[], options = {}, database = catalog([WRITER, VOLUME])) =>
    diagnosed('orphaned-rows', {
      database,
      relations,
      options: { limits, ...options },
      counted: orphaned(),
    })[0]?.changes[0];

  it('lose those columns of a composite key that may be null, and keep the others', () => {
    const wanted = { ...BOTH, ...explicit, onDeleteColumns: ['author'] };
    expect(changeOf([wanted])).toMatchObject({ strategy: 'nullify', nullColumns: ['author'], rows: 2 });
  });

  it('lose all columns where nobody names some', () => {
    const nullable = { ...VOLUME, columns: [column('id'), column('tenant'), column('author')] };
    const change = changeOf([{ ...BOTH, ...explicit }], {}, catalog([WRITER, nullable]));
    expect(change).toMatchObject({ strategy: 'nullify' });
    expect(change).not.toHaveProperty('nullColumns');
  });

  it('that are deleted lose no column, and get no parent', () => {
    const wanted = { ...BOTH, ...explicit, onDeleteColumns: ['author'] };
    const change = changeOf([wanted], { orphans: 'delete' });
    expect(change).toMatchObject({ op: 'clean-orphans', strategy: 'delete' });
    expect(change).not.toHaveProperty('nullColumns');
    expect(change).not.toHaveProperty('newParent');
  });

  it('get the parent that the option names', () => {
    const relations = { 'Book.author': { reparent: 7 } };
    expect(changeOf([{}], { relations }, catalog())).toMatchObject({
      strategy: 'reparent',
      newParent: ['7'],
    });
  });
});

describe('two keys on one column', () => {
  const told = (keys: readonly Partial<ForeignKey>[], more = {}, database = {}) => {
    const [finding] = diagnosed('duplicate-foreign-key', {
      database: {
        ...catalog(
          undefined,
          keys.map((key, i) => foreignKey({ oid: i + 1, name: `key_${i + 1}`, ...key })),
        ),
        ...database,
      },
      relations: [more],
    });
    return finding && { refusal: finding.refusal, changes: finding.changes, help: finding.help };
  };
  const byDefault = { onDelete: { resolved: 'CASCADE', explicit: [] } } as const;

  it('the one that is not the holder goes', () => {
    expect(told([{}, {}])?.changes).toEqual([
      {
        op: 'drop-foreign-key',
        table: name('book'),
        columns: ['author'],
        drop: [
          { name: 'key_2', parent: name('author'), definition: 'FOREIGN KEY (author) REFERENCES author(id)' },
        ],
      },
    ]);
  });

  it('neither goes while nobody has said which of their actions is wanted', () => {
    expect(told([{}, { onDelete: 'RESTRICT' }], byDefault)?.refusal?.code).toBe('WHICH_ACTION');
    expect(told([{}, {}, { onDelete: 'RESTRICT' }], byDefault)?.refusal?.code).toBe('WHICH_ACTION');
    expect(told([{}, {}], byDefault)?.refusal).toBeUndefined();
  });

  it('SET NULL of some columns is another action than SET NULL of all', () => {
    const keys = [{ onDelete: 'SET NULL' }, { onDelete: 'SET NULL', setColumns: ['author'] }] as const;
    expect(told(keys, byDefault)?.refusal?.code).toBe('WHICH_ACTION');
    const written = { onDelete: { resolved: 'SET NULL', explicit: ['SET NULL'] } } as const;
    expect(told(keys, written)?.refusal).toEqual({
      code: 'COLUMN_LIST',
      message: '"key_2" says ON DELETE SET NULL (author), and nobody wrote which columns are meant',
      option: 'onDeleteColumns in the declaration',
    });
    expect(told(keys, { ...written, onDeleteColumns: ['author'] })?.refusal).toBeUndefined();
  });

  it('a rival with another action may go, whatever columns that changes', () => {
    const written = { onDelete: { resolved: 'SET NULL', explicit: ['SET NULL'] } } as const;
    const rival = { onDelete: 'SET DEFAULT', setColumns: ['author'] } as const;
    expect(told([{ onDelete: 'SET NULL' }, rival], written)?.refusal).toBeUndefined();
  });

  it('a partition’s key to another parent is nobody’s left-over', () => {
    const whole = { ...BOOK, kind: 'partitioned table' } as const;
    const part = { ...BOOK, oid: 4, name: name('book_1'), partitionOf: name('book') };
    const own = foreignKey({ oid: 5, name: 'own', child: name('book_1') });
    const found = (key: ForeignKey) =>
      diagnosed('duplicate-foreign-key', {
        database: catalog([AUTHOR, whole, part], [foreignKey(), key]),
      })[0];
    expect(found({ ...own, parent: name('person') })?.refusal?.code).toBe('PARTITIONED');
    expect(found(own)?.changes).toMatchObject([{ op: 'drop-foreign-key', table: name('book_1') }]);
  });

  it('a key with a PERIOD promises something else', () => {
    expect(told([{}, { temporal: true }])?.refusal).toEqual({
      code: 'TEMPORAL_KEY',
      message: 'of "key_2" and "key_1" only one has a PERIOD'.replace(
        '"key_2" and "key_1"',
        '"key_2" and "key_1"',
      ),
      option: '',
    });
  });

  it('that the models name two parents is said before anything else', () => {
    const declarations = [{ text: 'Book.belongsTo(Person)', parent: name('person') }];
    expect(told([{}, { onDelete: 'RESTRICT' }], { ...byDefault, declarations })?.refusal?.code).toBe(
      'CONTRADICTION',
    );
  });

  it('none goes while the other one guards nothing', () => {
    expect(told([{ enforced: false }, { enforced: false }])?.refusal).toEqual({
      code: 'BLOCKED_BY_FINDING',
      message: '"key_1" is not enforced, so it cannot stand alone',
      option: '',
    });
  });

  it('MATCH FULL of one column says no more than MATCH SIMPLE', () => {
    expect(told([{}, { matchFull: true, onDelete: 'RESTRICT' }])?.refusal).toBeUndefined();
  });

  it.each([
    [170_000, 'partitioned table', true],
    [180_000, 'partitioned table', undefined],
    [170_000, 'table', undefined],
  ] as const)('under %i the key of a %s comes back by a scan: %s', (version, kind, scanned) => {
    const whole = catalog([AUTHOR, { ...BOOK, kind }]);
    const [change] =
      told([{}, {}], {}, { tables: whole.tables, server: { ...whole.server, version } })?.changes ?? [];
    expect(change && 'drop' in change ? change.drop[0]?.scanned : 'no drop').toBe(scanned);
  });
});

describe('models that contradict each other', () => {
  const line = (text: string, parent: string, more = {}) => ({ text, parent: name(parent), ...more });
  const [own, second, third] = [line('A', 'author'), line('B', 'person'), line('C', 'human')];
  const told = (declarations: readonly object[], keys: readonly Partial<ForeignKey>[] = [], more = {}) =>
    diagnosed('contradictory-models', {
      database: catalog(undefined, keys.map(foreignKey)),
      relations: [{ declarations: declarations as never, ...more }],
    })[0];

  it('the live key tells which of the lines are wrong', () => {
    expect(told([own, second, third], [{}])?.help).toMatch(
      /^The key "book_author_fkey" in the database points at app\.author \(id\), so B and C are the lines to change\./,
    );
    expect(told([own, second], [{}])?.help).toMatch(/so B is the line to change\./);
  });

  it('a key that points elsewhere than all of them tells nothing', () => {
    const help = told([own, second, third], [{ parent: name('else') }])?.help;
    expect(help).toMatch(
      /^Sequelize takes app\.author \(id\): correct B and C if that is right, the other line if not\. If the column holds keys of several tables, write constraints: false in A and B and C\./,
    );
  });

  it('a key that fits all of the lines tells nothing either', () => {
    const lines = [own, line('B', 'author', { parentColumn: 'number' })];
    expect(told(lines, [{ parentColumns: ['number'] }])?.help).toMatch(
      /^Sequelize takes app\.author \(id\): correct B if that is right/,
    );
  });

  it('a key on another column of the parent is as good as one on another table', () => {
    const both = [
      line('A', 'author', { parentColumn: 'id' }),
      line('B', 'author', { parentColumn: 'number' }),
    ];
    expect(told(both, [{}])?.help).toMatch(/so B is the line to change\./);
    expect(told(both)?.message).toContain('A names app.author (id), B names app.author (number).');
  });

  it('names both columns of a composite key', () => {
    const both = { childColumns: ['author', 'tenant'], parentColumns: ['id', 'tenant'] };
    expect(told([own, second], [{ ...both }], both)?.help).toMatch(
      /points at app\.author \(id, tenant\), so B is/,
    );
    expect(told([own, second], [], both)?.help).toMatch(
      /^Sequelize takes app\.author \(id, tenant\): correct B/,
    );
  });

  const disputed = (action: 'onDelete' | 'onUpdate') => ({
    [action]: { resolved: 'CASCADE', explicit: ['CASCADE', 'RESTRICT'] },
  });
  const lines = (action: string) => [
    { text: 'A', [action]: ['CASCADE'] },
    { text: 'silent' },
    { text: 'B', [action]: ['RESTRICT', 'CASCADE'] },
    { text: 'C', [action]: ['RESTRICT'] },
  ];

  it('about ON DELETE: names the lines that say something, and those that would have to change', () => {
    expect(told(lines('onDelete'), [], disputed('onDelete'))).toMatchObject({
      message:
        'The models name different ON DELETE actions for Book.author: A says CASCADE, B says RESTRICT and CASCADE, C says RESTRICT.',
      help: "Sequelize says ON DELETE CASCADE: to have that, change B and C; to have another, write it in every line or in relations: { 'Book.author': { onDelete } }. Until then a live key stays as it is, a missing one is created as Sequelize would, and no row is touched.",
    });
  });

  it('about ON UPDATE, for which there is no option', () => {
    expect(told(lines('onUpdate'), [{}], disputed('onUpdate'))?.help).toBe(
      'The key "book_author_fkey" in the database says ON UPDATE CASCADE: to have that, change B and C; to have another, write it in every line. Until then a live key stays as it is, a missing one is created as Sequelize would, and no row is touched.',
    );
  });
});

describe('where a finding is', () => {
  it('names the first association of the relation, and no association of an attribute', () => {
    const at = (declarations: readonly object[]) =>
      diagnosed('missing-foreign-key', {
        database: catalog(),
        relations: [{ declarations: declarations as never }],
      })[0];
    expect(
      at([{ text: 'a' }, { text: 'b', association: 'writer' }, { text: 'c', association: 'other' }]),
    ).toMatchObject({
      association: 'writer',
    });
    expect(Object.keys(at([{ text: 'a' }]) ?? {})).not.toContain('association');
    expect(Object.keys(at([]) ?? {})).not.toContain('constraint');
  });
});

describe('a key of the child’s own id', () => {
  const wrongWay = (more: object) =>
    diagnosed('foreign-key-on-primary-key', {
      database: catalog([
        WRITER,
        { ...BOOK, uniqueIndexes: [uniqueIndex(['id', 'author'], { primary: true })] },
      ]),
      relations: [{ childColumns: ['id', 'author'], parentColumns: ['tenant', 'id'], ...more }],
    })[0];
  const hasMany = (text: string, parent = 'author') =>
    ({ text, method: 'hasMany', parent: name(parent) }) as const;

  it('names all lines and all columns', () => {
    expect(wrongWay({ declarations: [hasMany('A'), hasMany('B')] })).toMatchObject({
      message:
        'Book.author is the whole primary key of app.book, and A and B makes it point at app.author (tenant, id).',
      help: expect.stringContaining('foreignKey in A and B has to name') as unknown,
    });
  });

  it('is told once the models agree about the parent', () => {
    expect(wrongWay({ declarations: [hasMany('A'), hasMany('B', 'person')] })).toBeUndefined();
  });
});

describe('SET NULL that cannot be', () => {
  it('names all columns that are NOT NULL', () => {
    const strict = { ...VOLUME, columns: BOTH.childColumns.map((of) => column(of, { notNull: true })) };
    const [finding] = diagnosed('impossible-set-null', {
      database: catalog([WRITER, strict]),
      relations: [{ ...BOTH, onDelete: { resolved: 'SET NULL', explicit: ['SET NULL'] } }],
    });
    expect(finding?.message).toBe(
      'Book.author says ON DELETE SET NULL, but app.book.tenant and app.book.author are NOT NULL.',
    );
  });
});

describe('an invalid index', () => {
  const found = (
    left: Partial<Index>,
    more: Partial<typeof AUTHOR> = {},
    models = [model('Author', 'author', ['id'])],
    relations: readonly object[] = [],
  ) =>
    diagnosed('invalid-index', {
      database: catalog([{ ...AUTHOR, indexes: [index(['id'], { valid: false, ...left })], ...more }, BOOK]),
      models,
      relations,
    }).map(({ constraint }) => constraint);

  it('is told when it is a table’s of the models, and nobody is building it', () => {
    expect(found({})).toEqual(['left_over']);
    expect(found({ building: true })).toEqual([]);
    expect(found({ valid: true })).toEqual([]);
    expect(found({}, {}, [model('Book', 'book')])).toEqual([]);
  });

  it('is told of a unique one, unless the primary key that is missing was to rest on it', () => {
    expect(found({ unique: true })).toEqual(['left_over']);
    const without = { uniqueIndexes: [uniqueIndex(['number'])] };
    expect(found({ unique: true }, without)).toEqual([]);
    expect(found({ unique: true, columns: ['number'] }, without)).toEqual(['left_over']);
    const two = [model('Book', 'book', ['id']), model('Author', 'author', ['id'])];
    expect(found({ unique: true }, without, two)).toEqual([]);
    expect(
      found({ unique: true }, without, [model('Author', 'author'), model('Book', 'book', ['id'])]),
    ).toEqual(['left_over']);
    expect(found({}, without)).toEqual(['left_over']);
    const both = { uniqueIndexes: [uniqueIndex(['number']), uniqueIndex(['id'], { primary: true })] };
    expect(found({ unique: true }, both)).toEqual(['left_over']);
  });

  it('is told of a unique one, unless a key that cannot point at the parent was to rest on it', () => {
    const without = { uniqueIndexes: [] };
    const models = [model('Author', 'author')];
    expect(found({ unique: true }, without, models, [{}])).toEqual([]);
    expect(found({ unique: true }, without, models, [{ parent: name('book') }, {}])).toEqual([]);
    expect(found({ unique: true }, without, models, [{ parent: name('book') }])).toEqual(['left_over']);
    expect(found({ unique: true, columns: ['number'] }, without, models, [{}])).toEqual(['left_over']);
  });
});

describe('a primary key that is missing', () => {
  const bare = {
    ...AUTHOR,
    columns: [column('id', { notNull: true }), column('tenant', { notNull: true })],
    uniqueIndexes: [],
  };
  const told = (
    more: Partial<typeof AUTHOR>,
    keyQuality?: { nullRows: number; duplicateKeys: number; samples: string[] },
    columns = ['id'],
  ) =>
    diagnosed('missing-primary-key', {
      database: catalog([{ ...bare, ...more }, BOOK]),
      models: [model('Author', 'author', columns)],
      relations: [],
      ...(keyQuality && { tables: { keyQuality } }),
    })[0];
  const GOOD = { nullRows: 0, duplicateKeys: 0, samples: [] };
  const ops = (more: Partial<typeof AUTHOR>) =>
    told(more, GOOD)?.changes.map((change) => [change.op, 'index' in change ? change.index : '']);

  it('is not made where the rows could not be looked at', () => {
    expect(told({})?.refusal).toEqual({
      code: 'UNREADABLE',
      option: '',
      message: 'its rows could not be looked at',
    });
  });

  it.each([
    [{ ...GOOD, duplicateKeys: 1, samples: ['7'] }, '1 value occurs more than once: 7'],
    [{ ...GOOD, duplicateKeys: 2, samples: ['7', '8'] }, '2 values occur more than once: 7, 8'],
    [{ ...GOOD, nullRows: 1 }, '1 row has no value'],
    [{ ...GOOD, nullRows: 2 }, '2 rows have no value'],
  ])('is not made of %o', (quality, message) => expect(told({}, quality)?.refusal?.message).toBe(message));

  it('is only told where all of its columns are there', () => {
    expect(told({}, GOOD, ['id', 'gone'])).toBeUndefined();
    expect(told({}, GOOD, ['tenant', 'id'])?.message).toBe(
      'app.author has no primary key; the model Author says tenant, id.',
    );
  });

  it('rests on a unique index that is ready for it', () => {
    expect(ops({ uniqueIndexes: [uniqueIndex(['id'])] })).toEqual([['add-primary-key', 'unique_id']]);
  });

  it.each([
    ['the index of another constraint', { constraint: 'author_id_key' }],
    ['a partial one', { partial: true }],
    ['a deferrable one', { deferrable: true }],
    ['one on other columns', { columns: ['tenant'] }],
  ])('does not rest on %s', (_, more) => {
    expect(ops({ uniqueIndexes: [{ ...uniqueIndex(['id']), ...more }] })).toEqual([
      ['create-unique-index', 'author_id_idx'],
      ['add-primary-key', 'author_id_idx'],
    ]);
  });

  it('takes the name of a left-over of its own, and of no other', () => {
    const left = uniqueIndex(['id'], { valid: false });
    expect(ops({ uniqueIndexes: [left] })).toEqual([
      ['drop-index', 'unique_id'],
      ['create-unique-index', 'unique_id'],
      ['add-primary-key', 'unique_id'],
    ]);
    for (const more of [{ constraint: 'other' }, { columns: ['tenant'] }])
      expect(ops({ uniqueIndexes: [{ ...left, ...more }] })?.map(([op]) => op)).toEqual([
        'create-unique-index',
        'add-primary-key',
      ]);
  });

  it('may have the name of the index that becomes it', () => {
    const named = uniqueIndex(['id'], { name: 'author_pkey' });
    const [change] =
      told({ uniqueIndexes: [named], indexes: [index(['id'], { name: 'author_pkey' })] }, GOOD)?.changes ??
      [];
    expect(change).toMatchObject({ op: 'add-primary-key', index: 'author_pkey', name: 'author_pkey' });
    const [, other] = told({ indexes: [index(['tenant'], { name: 'author_pkey' })] }, GOOD)?.changes ?? [];
    expect(other).toMatchObject({ op: 'add-primary-key', name: 'author_pkey1' });
  });
});

describe('a table that is missing', () => {
  it('has the table for its place, and no columns of it', () => {
    const [finding] = diagnosed('missing-table', {
      database: catalog([BOOK]),
      relations: [],
      models: [model('Author', 'author')],
    });
    expect(finding?.id).toBe('missing-table:app.author()');
  });

  it('is told for the model, and for a relation only where no model is stored in the parent', () => {
    const found = (models: readonly ReturnType<typeof model>[], tables = [BOOK]) =>
      diagnosed('missing-table', { database: catalog(tables), models }).map(({ message }) => message);
    expect(found([model('Author', 'author')])).toEqual([
      'The table app.author of the model Author does not exist.',
    ]);
    expect(found([model('Book', 'book')])).toEqual([
      'The table app.author, which Book.author points at, does not exist, and no model is stored in it.',
    ]);
    expect(found([model('Book', 'book')], [AUTHOR, BOOK])).toEqual([]);
    expect(found([], [AUTHOR, BOOK])).toEqual([]);
  });
});

describe('an association without a key', () => {
  const told = (
    tables: readonly (typeof AUTHOR)[],
    more = {},
    models: readonly ReturnType<typeof model>[] = [],
  ) =>
    diagnosed('unconstrained-association', {
      database: catalog(tables),
      relations: [],
      unconstrained: [{ declarations: [{ text: 'A' }, { text: 'B' }], ...more }],
      models,
    })[0]?.message;

  it('is told with all its lines and columns', () => {
    expect(told([AUTHOR, BOOK])).toBe(
      'No key holds Book.author to app.author (id): A and B say constraints: false.',
    );
    expect(told([WRITER, VOLUME], BOTH)).toContain('app.author (tenant, id)');
  });

  it('is not told without a table, or where one is a view', () => {
    expect(told([AUTHOR])).toBeUndefined();
    expect(told([AUTHOR, { ...BOOK, kind: 'view' }])).toBeUndefined();
  });

  it('is told where the rows cannot be read: that is no reason against a key', () => {
    expect(told([AUTHOR, { ...BOOK, rowSecurity: true }])).toBeDefined();
  });

  it('is told where the primary key that its model says is still missing', () => {
    const bare = { ...AUTHOR, uniqueIndexes: [] };
    expect(told([bare, BOOK])).toBeUndefined();
    expect(told([bare, BOOK], {}, [model('Author', 'author', ['id'])])).toBeDefined();
    expect(told([bare, BOOK], {}, [model('Book', 'book', ['id'])])).toBeUndefined();
    expect(told([bare, BOOK], {}, [model('Author', 'author', ['number'])])).toBeUndefined();
  });
});

describe('a key without an index', () => {
  const told = (book: Partial<typeof BOOK>, more = {}, indexes?: 'create') =>
    diagnosed('unindexed-foreign-key', {
      database: catalog([AUTHOR, { ...BOOK, ...book }]),
      relations: [more],
      options: indexes ? { indexes } : {},
    })[0];

  it('is told with the statement that builds it', () => {
    expect(told({})?.help).toBe(
      `create index concurrently "book_author_idx" on "app"."book" ("author"); builds it without blocking writers; with indexes: 'create' the guard does.`,
    );
  });

  it('is told in other words for a partitioned table, which cannot have one built beside writers', () => {
    expect(told({ kind: 'partitioned table' })?.help).toBe(
      'Build an index on each partition, concurrently, and then one on app.book, which adopts them.',
    );
  });

  it.each([
    ['of a view', { kind: 'view' }, {}],
    ['without its column', { columns: [column('id')] }, {}],
    ['without one of its columns', {}, { childColumns: ['author', 'gone'], parentColumns: ['id', 'x'] }],
    ['with an index', { indexes: [index(['author'])] }, {}],
    ['of which the models name two parents', {}, { declarations: [{ text: 'a', parent: name('person') }] }],
  ] as const)('is not told %s', (_, book, more) => expect(told(book, more)).toBeUndefined());

  it('takes the name of what a failed build has left, after that is gone', () => {
    const left = index(['author'], { name: 'book_author_idx', valid: false });
    const ops = (of: Index) =>
      told({ indexes: [of] }, {}, 'create')?.changes.map((change) => [
        change.op,
        'index' in change && change.index,
      ]);
    expect(ops(left)).toEqual([
      ['drop-index', 'book_author_idx'],
      ['create-index', 'book_author_idx'],
    ]);
    expect(ops({ ...left, needed: true })).toEqual([['create-index', 'book_author_idx1']]);
    expect(ops({ ...left, name: 'other' })).toEqual([['create-index', 'book_author_idx']]);
    expect(told({ indexes: [left] })?.help).toMatch(/^create index concurrently "book_author_idx"/);
  });
});

describe('a parent that cannot be pointed at', () => {
  const bare = { ...AUTHOR, uniqueIndexes: [] };
  const told = (more: Partial<typeof AUTHOR>, counted = {}, relations: readonly object[] = [{}]) =>
    diagnosed('unreferenceable-target', {
      database: catalog([{ ...bare, ...more }, BOOK, { ...bare, oid: 9, name: name('person') }]),
      relations,
      counted,
    });
  const GOOD = { targetQuality: { nullRows: 0, duplicateKeys: 0, samples: [] } };

  it('gets no index where its rows could not be looked at', () => {
    expect(told({})[0]?.refusal).toEqual({
      code: 'UNREADABLE',
      option: '',
      message: 'the rows of the parent could not be looked at',
    });
  });

  it('gets none while values occur twice', () => {
    const twice = (duplicateKeys: number, samples: string[]) =>
      told({}, { targetQuality: { nullRows: 0, duplicateKeys, samples } })[0]?.refusal?.message;
    expect(twice(1, ['7'])).toBe('1 value occurs more than once: 7');
    expect(twice(2, ['7', '8'])).toBe('2 values occur more than once: 7, 8');
  });

  it('gets one, under the name of what a failed build has left', () => {
    const ops = (more: Partial<typeof AUTHOR>) =>
      told(more, GOOD)[0]?.changes.map((change) => [change.op, 'index' in change && change.index]);
    expect(ops({})).toEqual([['create-unique-index', 'author_id_key']]);
    const left = uniqueIndex(['id'], { valid: false });
    expect(ops({ uniqueIndexes: [left] })).toEqual([
      ['drop-index', 'unique_id'],
      ['create-unique-index', 'unique_id'],
    ]);
    expect(ops({ uniqueIndexes: [{ ...left, constraint: 'other' }] })).toEqual([
      ['create-unique-index', 'author_id_key'],
    ]);
    expect(ops({ constraints: ['author_id_key'] })).toEqual([['create-unique-index', 'author_id_key1']]);
  });

  it('is told once for each of its columns, in the order of the relations', () => {
    const relations = [
      { id: 'a' },
      { id: 'b', childColumns: ['id'] },
      { id: 'c', parent: name('person') },
      { id: 'd', childColumns: ['author'], parentColumns: ['number'] },
    ];
    const columns = ['id', 'number'].map((of) => column(of, { notNull: true }));
    expect(told({ columns }, GOOD, relations).map((finding) => finding.relation)).toEqual(['a', 'c', 'd']);
  });
});

describe('a relation that no key can hold', () => {
  const told = (
    book: Partial<typeof BOOK>,
    author: Partial<typeof AUTHOR>,
    declarations: readonly object[],
  ) =>
    diagnosed('unsupported-table', {
      database: catalog([
        { ...AUTHOR, ...author },
        { ...BOOK, ...book },
      ]),
      relations: [{ declarations: declarations as never }],
    })[0];

  it('is told with all reasons and all lines', () => {
    expect(told({ kind: 'view' }, { kind: 'view' }, [{ text: 'A' }, { text: 'B' }])).toMatchObject({
      message:
        'app.book, which holds Book.author, is a view, which cannot have a foreign key; app.author, which Book.author points at, is a view, which no foreign key can point at.',
      help: 'No key is created and no row is counted or cleaned. Point at the table behind it, write constraints: false in A and B, or leave the model out with exclude.',
    });
    expect(told({ kind: 'view' }, {}, [{ text: 'A' }, { text: 'by hand', byHand: true }])?.help).toContain(
      'or take A and by hand out of foreignKeys',
    );
  });
});

describe('a primary key on other columns', () => {
  const told = (
    columns: readonly string[],
    of: readonly string[],
    more: Partial<typeof AUTHOR> = {},
    key = {},
  ) =>
    diagnosed('wrong-primary-key', {
      database: catalog([
        {
          ...AUTHOR,
          columns: ['a', 'b', 'c', 'd'].map((name) => column(name, { notNull: true })),
          uniqueIndexes: [uniqueIndex(columns, { name: 'index', primary: true, constraint: 'key', ...key })],
          ...more,
        },
      ]),
      relations: [],
      models: [model('Author', 'author', of)],
    })[0];

  it('is told under the name of its constraint', () => {
    expect(told(['a', 'b'], ['c', 'd'])).toMatchObject({
      constraint: 'key',
      message: 'The primary key "key" of app.author is on a, b; the model Author says c, d.',
      help: 'If the table is right, write primaryKey: true at a, b of Author. If the model is right, change the key in a migration: the keys that refer to it have to go first and come back after it.',
    });
    expect(told(['a', 'b'], ['a', 'c'])?.help).toMatch(/^If the table is right/);
    expect(told(['a'], ['x', 'y'])?.message).toMatch(/says x, y, and there is no column x, y\.$/);
  });

  it('that is wider than the model’s is the model’s to widen', () => {
    expect(told(['a', 'b', 'c'], ['a'])?.help).toBe(
      'Write primaryKey: true at b, c of Author as well, if a row is only known by all of them.',
    );
    expect(told(['a', 'b'], ['a'], { kind: 'partitioned table' })?.help).toBe(
      'Write primaryKey: true at b of Author as well: a primary key of a partitioned table has to hold the columns that it is partitioned by.',
    );
  });

  it('is none where the model’s is unique and never null all the same, unless the live one forbids more', () => {
    const unique = (live: readonly string[], of: readonly string[]) =>
      told(live, of, {
        uniqueIndexes: [uniqueIndex(live, { primary: true }), uniqueIndex(of)],
      });
    expect(unique(['a'], ['b', 'c'])).toBeUndefined();
    expect(unique(['a', 'b'], ['b', 'c'])).toBeUndefined();
    expect(unique(['b'], ['b', 'c'])).toBeDefined();
  });
});

describe('wrong actions, targets and types', () => {
  it('lists all columns of a composite SET NULL that nobody has written down', () => {
    const nullable = { ...VOLUME, columns: ['id', 'tenant', 'author', 'place'].map((of) => column(of)) };
    const three = { childColumns: ['tenant', 'author', 'place'], parentColumns: ['tenant', 'id', 'place'] };
    const writer = {
      ...WRITER,
      columns: [...WRITER.columns, column('place')],
      uniqueIndexes: [uniqueIndex(three.parentColumns)],
    };
    const key = foreignKey({ ...three, onDelete: 'SET NULL', setColumns: ['author', 'place'] });
    const told = (onDelete: object) =>
      diagnosed('wrong-on-delete', {
        database: catalog([writer, nullable], [key]),
        relations: [{ ...three, ...onDelete }],
      })[0];
    expect(told({ onDelete: { resolved: 'SET NULL', explicit: ['SET NULL'] } })?.refusal).toEqual({
      code: 'COLUMN_LIST',
      message:
        'nobody wrote which columns SET NULL changes, and a swap would lose that only author, place does',
      option:
        "onDeleteColumns: ['author', 'place'] in the declaration to keep it, or ['tenant', 'author', 'place'] to swap it",
    });
    expect(told({ onDelete: { resolved: 'CASCADE', explicit: ['CASCADE'] } })?.refusal).toBeUndefined();
  });

  it('a key to another parent is no wrong target while another one points where it shall', () => {
    const [elsewhere, right] = [
      foreignKey({ oid: 1, parent: name('person') }),
      foreignKey({ oid: 2, onDelete: 'RESTRICT' }),
    ];
    const told = (keys: readonly ForeignKey[]) =>
      diagnosed('wrong-target', { database: catalog([AUTHOR, BOOK, table('person', [])], keys) }).length;
    expect([told([elsewhere]), told([elsewhere, right]), told([right])]).toEqual([1, 0, 0]);
  });

  it('a deferrability is not altered while the models name two parents', () => {
    const [finding] = diagnosed('wrong-deferrable', {
      database: catalog(undefined, [foreignKey()]),
      relations: [
        { deferrable: 'INITIALLY DEFERRED', declarations: [{ text: 'a', parent: name('person') }] },
      ],
    });
    expect(finding?.refusal?.code).toBe('CONTRADICTION');
  });

  /** The columns that are set to null where values have no place in their new type. */
  const nullified = (childColumns: readonly string[], cast: readonly string[]) => {
    const count = {
      rows: 100,
      bytes: 0,
      uncastable: 1,
      changed: cast.map((_, i) => i + 4),
      writtenOtherwise: 0,
      parentIsEmpty: false,
      samples: [],
    };
    const columns = cast.map((of) => ({
      cast: { column: of, from: 'text', to: 'integer' },
      parentColumn: of === 'author' ? 'id' : of,
      childWord: 'INTEGER',
      users: [],
      publications: [],
    }));
    const child = [
      column('id'),
      ...childColumns.map((of) => column(of, { type: cast.includes(of) ? 'text' : 'integer' })),
    ];
    const [finding] = diagnosed('type-mismatch', {
      database: catalog([WRITER, { ...BOOK, columns: child }]),
      relations: [
        {
          childColumns,
          parentColumns: childColumns.map((of) => (of === 'author' ? 'id' : of)),
          onDelete: { resolved: 'SET NULL', explicit: ['SET NULL'] },
        },
      ],
      options: {
        limits: { rows: 1000, fraction: 1 },
        relations: { 'Book.author': { disposable: true, orphans: 'nullify' } },
      },
      counted: { orphans: NONE, mismatch: { columns, count } },
    });
    return finding;
  };

  it('values without a place in the new type leave only the columns that change', () => {
    const some = nullified(['tenant', 'author'], ['author']);
    expect(some?.changes[0]).toMatchObject({
      op: 'clean-uncastable',
      strategy: 'nullify',
      nullColumns: ['author'],
    });
    for (const of of [['tenant', 'author'], ['author']]) {
      const [all] = nullified(of, of)?.changes ?? [];
      expect(all).toMatchObject({ op: 'clean-uncastable', strategy: 'nullify', rows: 1 });
      expect(all).not.toHaveProperty('nullColumns');
    }
  });

  it('each column of a key is converted, with the number of its own rows', () => {
    const both = nullified(['tenant', 'author'], ['tenant', 'author']);
    expect(both?.help).toBe(
      'tenant becomes integer, author becomes integer, as its parent is; values that change their form are copied into the quarantine first.',
    );
    expect(both?.changes.slice(1)).toMatchObject([
      { op: 'convert-column', conversion: { cast: { column: 'tenant' }, rows: 4 } },
      { op: 'convert-column', conversion: { cast: { column: 'author' }, rows: 5 } },
    ]);
  });
});
