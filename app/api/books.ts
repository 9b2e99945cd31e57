import { Router } from 'express';
import * as v from 'valibot';
import type { Checkout, Models, User } from '../../models';
import type { Connection } from '../database';
import { newBook, page } from './input';

export function books({ models }: Connection): Router {
  const { Book } = models;
  const router = Router();
  router.get('/books', async ({ query }, response) => {
    const found = await Book.findAll({ ...v.parse(page, query), order: ['id'], include: ['authors'] });
    const borrowed = await borrowedAmong(
      models,
      found.map(({ id }) => id),
    );
    response.json(found.map((book) => ({ ...book.toJSON(), borrowed: borrowed.get(book.id) ?? null })));
  });
  router.post('/books', async ({ body }, response) => {
    const { categoryId = null, ...book } = v.parse(newBook, body);
    response.status(201).json(await Book.create({ ...book, categoryId }));
  });
  return router;
}

/** Who has a book; nobody when it stands on its shelf. */
interface Borrowed {
  readonly checkoutId: number;
  readonly userId: number;
  readonly name: string;
  readonly dueAt: Date;
}

async function borrowedAmong(
  { Checkout }: Models,
  bookIds: readonly number[],
): Promise<ReadonlyMap<number, Borrowed>> {
  const open = await Checkout.findAll({
    where: { bookId: [...bookIds], returnedAt: null },
    order: ['id'],
    include: ['user'],
  });
  return new Map(open.map((checkout) => [checkout.bookId, borrowedIn(checkout)]));
}

const borrowedIn = (checkout: Checkout): Borrowed => ({
  checkoutId: checkout.id,
  userId: checkout.userId,
  name: (checkout.get('user') as User).name,
  dueAt: checkout.dueAt,
});
