import { DataTypes } from 'sequelize';
import type { AnyModel } from '../chapter';
import { forEachAction, type Style } from '../style';

type Has = (parent: AnyModel, child: AnyModel, options?: object) => unknown;

/** `Author.hasOne(Book)` and `Author.hasMany(Book)` in all their forms. */
export const has: readonly Style[] = [
  {
    name: 'hasOne by the primary key, which both share',
    dress: { ownColumn: false },
    define(chapter) {
      const { Author, Book: Biography } = chapter.authorAndBook();
      Author.hasOne(Biography, { foreignKey: 'id' });
    },
  },
  ...stylesOf('hasOne', (parent, child, options) => parent.hasOne(child, options)),
  ...stylesOf('hasMany', (parent, child, options) => parent.hasMany(child, options)),
];

function stylesOf(method: string, declare: Has): readonly Style[] {
  return [
    {
      name: method,
      define(chapter) {
        const { Author, Book } = chapter.authorAndBook();
        declare(Author, Book, chapter.by('authorId'));
      },
    },
    {
      name: `${method} without any option`,
      define(chapter) {
        const { Author, Book } = chapter.authorAndBook();
        declare(Author, Book);
      },
    },
    {
      name: `${method} over an attribute that does not say whether it may be null`,
      define(chapter) {
        const attribute = chapter.keyAttribute('authorId', { allowNull: undefined });
        const { Author, Book } = chapter.authorAndBook(attribute);
        declare(Author, Book, { foreignKey: 'authorId' });
      },
    },
    {
      name: `${method} with a scope`,
      define(chapter) {
        const { Author, Book } = chapter.authorAndBook({ genre: DataTypes.STRING(12) });
        declare(Author, Book, chapter.by('authorId', { as: 'poems', scope: { genre: 'poem' } }));
      },
    },
    {
      name: `${method} with a unique sourceKey`,
      define(chapter) {
        const Author = chapter.model('Author', { code: { type: DataTypes.STRING(12), unique: true } });
        declare(Author, chapter.model('Book'), chapter.by('authorCode', { sourceKey: 'code' }));
      },
    },
    {
      name: `${method} of its own kind`,
      define(chapter) {
        const Category = chapter.model('Category');
        declare(Category, Category, chapter.by('parentId', { as: 'children' }));
      },
    },
    {
      name: `${method} with each ON DELETE`,
      define(chapter) {
        const { Author, Book } = chapter.authorAndBook();
        forEachAction(chapter, (onDelete, _, by) => declare(Author, Book, by({ onDelete })));
      },
    },
  ];
}
