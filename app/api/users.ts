import { Router } from 'express';
import * as v from 'valibot';
import type { Library } from '../database';
import { impactOfDelete } from '../user-impact';
import { keyOf, newUser, page } from './input';

export function users(library: Library): Router {
  const { User } = library.models;
  const router = Router();
  router.get('/users', async ({ query }, response) => {
    response.json(await User.findAll({ ...v.parse(page, query), order: ['id'] }));
  });
  router.post('/users', async ({ body }, response) => {
    response.status(201).json(await User.create(v.parse(newUser, body)));
  });
  // What a delete would take along. It writes nothing.
  router.get('/users/:id/impact', async ({ params }, response) => {
    const id = keyOf(params.id);
    const impact = id === undefined ? undefined : await impactOfDelete(library, id);
    if (impact) response.json(impact);
    else response.status(404).json({ error: 'No such user' });
  });
  // The checkouts go with their user: that is the database's work (ON DELETE CASCADE), not this route's.
  router.delete('/users/:id', async ({ params }, response) => {
    const id = keyOf(params.id);
    const deleted = id === undefined ? 0 : await User.destroy({ where: { id } });
    if (deleted > 0) response.status(204).end();
    else response.status(404).json({ error: 'No such user' });
  });
  return router;
}
