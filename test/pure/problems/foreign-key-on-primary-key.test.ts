import { catalog, name, uniqueIndex, BOOK } from '../catalog';
import { diagnosed } from '../diagnosed';
import { WRITER } from './tenants';

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
