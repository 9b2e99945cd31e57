import { AUTHOR, BOOK, catalog } from '../catalog';
import { diagnosed, model } from '../diagnosed';
import { BOTH, WRITER, VOLUME } from './tenants';

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
