import type { ForeignKey } from '../../../src/catalog/catalog';
import { catalog, foreignKey, name } from '../catalog';
import { diagnosed } from '../diagnosed';

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
