import type { Sequelize } from 'sequelize';
import { associate } from './associations';
import { type Author, initAuthor } from './author';
import { type Book, initBook } from './book';
import { type BookAuthor, initBookAuthor } from './book-author';
import { type Category, initCategory } from './category';
import { type Checkout, initCheckout } from './checkout';
import { type Fine, initFine } from './fine';
import { type Review, initReview } from './review';
import { type User, initUser } from './user';

export type { Author, Book, BookAuthor, Category, Checkout, Fine, Review, User };

/** All models of BookNexus, bound to one Sequelize instance. */
export type Models = ReturnType<typeof initAll>;

/**
 * Defines every model and its associations on this instance.
 *
 * Each call makes classes of its own: a class that is initialised twice belongs to the second instance only.
 */
export function defineModels(sequelize: Sequelize): Models {
  const models = initAll(sequelize);
  associate(models);
  return models;
}

function initAll(sequelize: Sequelize) {
  return {
    Author: initAuthor(sequelize),
    Book: initBook(sequelize),
    BookAuthor: initBookAuthor(sequelize),
    Category: initCategory(sequelize),
    Checkout: initCheckout(sequelize),
    Fine: initFine(sequelize),
    Review: initReview(sequelize),
    User: initUser(sequelize),
  };
}
