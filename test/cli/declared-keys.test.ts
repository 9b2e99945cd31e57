import { FkGuardError } from '../../src/errors';
import { parseForeignKeys } from '../../src/model/declared-keys';

const relationOf = (child: string, parent: string, more: object = {}) =>
  parseForeignKeys([{ child, parent, ...more }]).relations[0];

function problemsOf(declarations: unknown): { code: string; message: string } {
  try {
    parseForeignKeys(declarations);
  } catch (error) {
    if (error instanceof FkGuardError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('parseForeignKeys', () => {
  it('reads a key with everything in it', () => {
    const key = {
      child: 'shop.lines(order_id, tenant)',
      parent: 'shop.orders(id, tenant)',
      onDelete: 'CASCADE',
      deferrable: 'INITIALLY DEFERRED',
    };
    expect(parseForeignKeys([key])).toEqual({
      tables: [
        {
          model: 'shop.lines',
          table: { schema: 'shop', name: 'lines' },
          columns: ['order_id', 'tenant'],
          primaryKey: [],
          indexes: [],
        },
        {
          model: 'shop.orders',
          table: { schema: 'shop', name: 'orders' },
          columns: ['id', 'tenant'],
          primaryKey: [],
          indexes: [],
        },
      ],
      relations: [
        {
          id: 'shop.lines.order_id,tenant',
          model: 'shop.lines',
          attribute: 'order_id,tenant',
          child: { schema: 'shop', name: 'lines' },
          childColumns: ['order_id', 'tenant'],
          parent: { schema: 'shop', name: 'orders' },
          parentColumns: ['id', 'tenant'],
          onDelete: { resolved: 'CASCADE', explicit: ['CASCADE'] },
          onUpdate: { resolved: 'NO ACTION', explicit: [] },
          deferrable: 'INITIALLY DEFERRED',
          declarations: [
            {
              text: 'shop.lines(order_id, tenant) -> shop.orders(id, tenant)',
              byHand: true,
              parent: { schema: 'shop', name: 'orders' },
            },
          ],
        },
      ],
    });
  });

  it.each([
    ['a(b)', { name: 'a' }, ['b']],
    ['  a . b ( c )  ', { schema: 'a', name: 'b' }, ['c']],
    ['Checkouts(userId)', { name: 'Checkouts' }, ['userId']],
    [
      '"My Schema"."My.Table"("my, column","x""y")',
      { schema: 'My Schema', name: 'My.Table' },
      ['my, column', 'x"y'],
    ],
    ['größe."日本"(ключ)', { schema: 'größe', name: '日本' }, ['ключ']],
  ])('reads the place %s', (child, table, columns) => {
    const parent = `p(${columns.map((_, index) => `c${index}`).join()})`;
    expect(relationOf(child, parent)).toMatchObject({ child: table, childColumns: columns });
  });

  it('takes actions in any case and never invents an author', () => {
    expect(relationOf('a(b)', 'c(d)', { onDelete: 'set null' })).toMatchObject({
      onDelete: { resolved: 'SET NULL', explicit: ['SET NULL'] },
      onUpdate: { resolved: 'NO ACTION', explicit: [] },
    });
  });

  it('lists a table once, with the columns of all its keys', () => {
    const { tables } = parseForeignKeys([
      { child: 'a(x)', parent: 'p(id)' },
      { child: 'a(y)', parent: 'p(id)' },
    ]);
    expect(tables.map(({ model, columns }) => [model, columns])).toEqual([
      ['a', ['x', 'y']],
      ['p', ['id']],
    ]);
  });

  it('says that an empty list leaves nothing to compare', () => {
    expect(problemsOf([])).toEqual({
      code: 'NO_MODELS',
      message: 'The list of foreign keys is empty: there is nothing to compare.',
    });
  });

  it.each([
    ['no list', { child: 'a(b)' }, '"foreignKeys" must be a list of { child, parent }'],
    ['no object', ['a(b)'], 'foreignKeys[0] must be an object with "child" and "parent"'],
    ['no parent', [{ child: 'a(b)' }], 'foreignKeys[0].parent is missing'],
    [
      'no columns',
      [{ child: 'orders', parent: 'a(b)' }],
      'foreignKeys[0].child is "orders"; write it as "schema.table(column, …)"',
    ],
    [
      'three parts',
      [{ child: 'd.s.t(c)', parent: 'a(b)' }],
      'foreignKeys[0].child is "d.s.t(c)"; write it as "schema.table(column, …)"',
    ],
    [
      'an open quote',
      [{ child: '"t(c)', parent: 'a(b)' }],
      String.raw`foreignKeys[0].child is "\"t(c)"; write it as "schema.table(column, …)"`,
    ],
    [
      'a column twice',
      [{ child: 'a(b,b)', parent: 'c(d,e)' }],
      'foreignKeys[0].child is "a(b,b)"; write it as "schema.table(column, …)"',
    ],
    [
      'uneven columns',
      [{ child: 'a(b,c)', parent: 'd(e)' }],
      'foreignKeys[0] has 2 child column(s) and 1 parent column(s)',
    ],
    [
      'a wrong action',
      [{ child: 'a(b)', parent: 'c(d)', onDelete: 'DROP' }],
      'foreignKeys[0].onDelete must be one of "NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT"',
    ],
    [
      'a misspelt key',
      [{ child: 'a(b)', parent: 'c(d)', ondelete: 'CASCADE' }],
      'foreignKeys[0].ondelete is not known; did you mean "onDelete"?',
    ],
    [
      'columns without an action that takes them',
      [{ child: 'a(b,c)', parent: 'd(e,f)', onDelete: 'CASCADE', onDeleteColumns: ['b'] }],
      'foreignKeys[0].onDeleteColumns needs onDelete SET NULL or SET DEFAULT',
    ],
    [
      'a column that is not of the key',
      [{ child: 'a(b,c)', parent: 'd(e,f)', onDelete: 'SET NULL', onDeleteColumns: ['x'] }],
      'foreignKeys[0].onDeleteColumns names "x", which is no column of the key',
    ],
    [
      'no columns to set',
      [{ child: 'a(b,c)', parent: 'd(e,f)', onDelete: 'SET NULL', onDeleteColumns: [] }],
      'foreignKeys[0].onDeleteColumns must be a list of columns',
    ],
    [
      'one key twice',
      [
        { child: 'a(b)', parent: 'c(d)' },
        { child: '"a"("b")', parent: 'e(f)' },
      ],
      'foreignKeys[1] and foreignKeys[0] declare the same columns, a.b',
    ],
    [
      'one composite key twice, its columns in another order: the two would be swapped for each other for ever',
      [
        { child: 'a(b,c)', parent: 'd(e,f)', onDelete: 'CASCADE' },
        { child: 'a(c,b)', parent: 'd(f,e)', onDelete: 'SET NULL' },
      ],
      'foreignKeys[1] and foreignKeys[0] declare the same columns, a.c,b',
    ],
  ])('refuses %s', (_, declarations, problem) => {
    expect(problemsOf(declarations)).toEqual({
      code: 'CONFIG',
      message: `Invalid foreign keys: ${problem}.`,
    });
  });

  it('names every wrong entry at once', () => {
    const { message } = problemsOf([
      { child: 'a', parent: 'c(d)' },
      { child: 'a(b)', parent: 'c(d)' },
      { child: 'a(c)', parent: 7 },
    ]);
    expect(message).toContain('foreignKeys[0].child');
    expect(message).toContain('foreignKeys[2].parent');
    expect(message).not.toContain('foreignKeys[1]');
  });
});
