import type { ForeignKey } from '../../../src/catalog/catalog';
import { AUTHOR, catalog, foreignKey, name, BOOK } from '../catalog';
import { diagnosed } from '../diagnosed';

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
