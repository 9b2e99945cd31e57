import { Router } from 'express';
import * as v from 'valibot';
import type { Models } from '../models';

const MAX_INTEGER = 2 ** 31 - 1;
const LOAN_DAYS = 28;

const id = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_INTEGER));
const text = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(255));

const newBook = v.strictObject({ title: text, isbn: text, categoryId: v.optional(id) });
const newUser = v.strictObject({ name: text, email: v.pipe(text, v.email()) });
const newCheckout = v.strictObject({
  userId: id,
  bookId: id,
  dueAt: v.optional(v.pipe(v.string(), v.isoTimestamp())),
});

const digits = v.pipe(v.string(), v.regex(/^\d{1,10}$/, 'must be a whole number'), v.transform(Number));
const page = v.object({
  limit: v.optional(v.pipe(digits, v.minValue(1), v.maxValue(200)), '50'),
  offset: v.optional(v.pipe(digits, v.maxValue(MAX_INTEGER)), '0'),
});
const checkoutPage = v.object({
  ...page.entries,
  userId: v.optional(v.pipe(digits, v.maxValue(MAX_INTEGER))),
});

/** Books, users and checkouts. */
export function libraryRoutes(models: Models): Router {
  return Router().use(books(models)).use(users(models)).use(checkouts(models));
}

function books({ Book }: Models): Router {
  const router = Router();
  router.get('/books', async ({ query }, response) => {
    response.json(await Book.findAll({ ...v.parse(page, query), order: ['id'], include: ['authors'] }));
  });
  router.post('/books', async ({ body }, response) => {
    const { categoryId = null, ...book } = v.parse(newBook, body);
    response.status(201).json(await Book.create({ ...book, categoryId }));
  });
  return router;
}

function users({ User }: Models): Router {
  const router = Router();
  router.get('/users', async ({ query }, response) => {
    response.json(await User.findAll({ ...v.parse(page, query), order: ['id'] }));
  });
  router.post('/users', async ({ body }, response) => {
    response.status(201).json(await User.create(v.parse(newUser, body)));
  });
  // The checkouts go with their user: that is the database's work (ON DELETE CASCADE), not this route's.
  router.delete('/users/:id', async ({ params }, response) => {
    const key = v.safeParse(v.pipe(digits, id), params.id);
    const deleted = key.success ? await User.destroy({ where: { id: key.output } }) : 0;
    if (deleted > 0) response.status(204).end();
    else response.status(404).json({ error: 'No such user' });
  });
  return router;
}

function checkouts({ Checkout }: Models): Router {
  const router = Router();
  router.get('/checkouts', async ({ query }, response) => {
    const { userId, ...window } = v.parse(checkoutPage, query);
    response.json(
      await Checkout.findAll({ ...window, order: ['id'], where: userId === undefined ? {} : { userId } }),
    );
  });
  router.post('/checkouts', async ({ body }, response) => {
    const { dueAt, ...checkout } = v.parse(newCheckout, body);
    const due = dueAt === undefined ? new Date(Date.now() + LOAN_DAYS * 86_400_000) : new Date(dueAt);
    response.status(201).json(await Checkout.create({ ...checkout, dueAt: due }));
  });
  return router;
}
