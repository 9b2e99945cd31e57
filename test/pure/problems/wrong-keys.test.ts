import type { ForeignKey } from '../../../src/catalog/catalog';
import { AUTHOR, BOOK, catalog, column, foreignKey, name, table, uniqueIndex } from '../catalog';
import { diagnosed, NONE } from '../diagnosed';
import { WRITER, VOLUME } from './tenants';

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
