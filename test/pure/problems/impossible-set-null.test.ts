import { catalog, column } from '../catalog';
import { diagnosed } from '../diagnosed';
import { BOTH, WRITER, VOLUME } from './tenants';

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
