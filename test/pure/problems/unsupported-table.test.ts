import { AUTHOR, BOOK, catalog } from '../catalog';
import { diagnosed } from '../diagnosed';

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
