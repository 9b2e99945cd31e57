import type { Models } from '.';

/** Goes with its parent. Written on both sides, so that no order of declarations can lose it. */
const OWNED = { onDelete: 'CASCADE', onUpdate: 'CASCADE' } as const;

/** Outlives its parent, and forgets it. */
const LOOSE = { onDelete: 'SET NULL', onUpdate: 'CASCADE' } as const;

/** Who belongs to whom. */
export function associate({
  Author,
  Book,
  BookAuthor,
  Category,
  Checkout,
  Fine,
  Review,
  User,
}: Models): void {
  User.hasMany(Checkout, { as: 'checkouts', foreignKey: 'userId', ...OWNED });
  Checkout.belongsTo(User, { as: 'user', foreignKey: 'userId', ...OWNED });

  Book.hasMany(Checkout, { as: 'checkouts', foreignKey: 'bookId', ...OWNED });
  Checkout.belongsTo(Book, { as: 'book', foreignKey: 'bookId', ...OWNED });

  Checkout.hasMany(Fine, { as: 'fines', foreignKey: 'checkoutId', ...OWNED });
  Fine.belongsTo(Checkout, { as: 'checkout', foreignKey: 'checkoutId', ...OWNED });

  Book.hasMany(Review, { as: 'reviews', foreignKey: 'bookId', ...OWNED });
  Review.belongsTo(Book, { as: 'book', foreignKey: 'bookId', ...OWNED });

  User.hasMany(Review, { as: 'reviews', foreignKey: 'userId', ...LOOSE });
  Review.belongsTo(User, { as: 'user', foreignKey: 'userId', ...LOOSE });

  Book.belongsToMany(Author, {
    as: 'authors',
    through: BookAuthor,
    foreignKey: 'bookId',
    otherKey: 'authorId',
    ...OWNED,
  });
  Author.belongsToMany(Book, {
    as: 'books',
    through: BookAuthor,
    foreignKey: 'authorId',
    otherKey: 'bookId',
    ...OWNED,
  });

  // Nobody wrote an action here: what these two do is Sequelize's default (SET NULL), and only that.
  Category.hasMany(Category, { as: 'children', foreignKey: 'parentId' });
  Category.belongsTo(Category, { as: 'parent', foreignKey: 'parentId' });
  Category.hasMany(Book, { as: 'books', foreignKey: 'categoryId' });
  Book.belongsTo(Category, { as: 'category', foreignKey: 'categoryId' });
}
