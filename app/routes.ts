import { Router } from 'express';
import type { Library } from './database';
import { books } from './api/books';
import { checkouts } from './api/checkouts';
import { users } from './api/users';

/** Books, users and checkouts. */
export const libraryRoutes = (library: Library): Router =>
  Router().use(books(library)).use(users(library)).use(checkouts(library));
