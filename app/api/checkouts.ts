import { Router } from 'express';
import * as v from 'valibot';
import type { Checkout } from '../../models';
import type { Connection } from '../database';
import { checkoutPage, keyOf, newCheckout } from './input';

const LOAN_DAYS = 28;

export function checkouts(connection: Connection): Router {
  const { Checkout } = connection.models;
  const router = Router();
  router.get('/checkouts', async ({ query }, response) => {
    const { userId, ...window } = v.parse(checkoutPage, query);
    response.json(
      await Checkout.findAll({ ...window, order: ['id'], where: userId === undefined ? {} : { userId } }),
    );
  });
  router.post('/checkouts', async ({ body }, response) => {
    const { dueAt, ...wish } = v.parse(newCheckout, body);
    const due = dueAt === undefined ? new Date(Date.now() + LOAN_DAYS * 86_400_000) : new Date(dueAt);
    const checkout = await borrow(connection, { ...wish, dueAt: due });
    if (checkout) response.status(201).json(checkout);
    else response.status(409).json({ error: 'Somebody else has this book' });
  });
  router.post('/checkouts/:id/return', async ({ params }, response) => {
    const id = keyOf(params.id);
    if (id === undefined) return void response.status(404).json({ error: 'No such checkout' });
    // One statement: of two who bring the same book back at once, one does.
    const [, [returned]] = await Checkout.update(
      { returnedAt: new Date() },
      { where: { id, returnedAt: null }, returning: true },
    );
    if (returned) response.json(returned);
    else if (await Checkout.findByPk(id))
      response.status(409).json({ error: 'It has been returned already' });
    else response.status(404).json({ error: 'No such checkout' });
  });
  return router;
}

interface Loan {
  readonly userId: number;
  readonly bookId: number;
  readonly dueAt: Date;
}

/** Nothing when the book is out. The book's row is locked: of two who ask at once, one gets it. */
function borrow(
  { sequelize, models: { Book, Checkout } }: Connection,
  loan: Loan,
): Promise<Checkout | undefined> {
  return sequelize.transaction(async (transaction) => {
    const { bookId } = loan;
    await Book.findByPk(bookId, { lock: transaction.LOCK.NO_KEY_UPDATE, transaction });
    const out = await Checkout.findOne({ where: { bookId, returnedAt: null }, transaction });
    return out ? undefined : Checkout.create(loan, { transaction });
  });
}
