import { AUTHOR, BOOK, catalog } from '../catalog';
import { diagnosed, model } from '../diagnosed';

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
