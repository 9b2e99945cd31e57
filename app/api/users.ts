import { Router } from 'express';
import * as v from 'valibot';
import type { Library } from '../database';
import { deleteUser } from '../delete-user';
import { impactOfDelete } from '../user-impact';
import { keyOf, newUser, page, shownImpact } from './input';

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
  router.delete('/users/:id', async ({ params, body }, response) => {
    const { touched } = v.parse(shownImpact, body);
    const id = keyOf(params.id);
    const ended = id === undefined ? 'no such user' : await deleteUser(library, id, touched);
    if (ended === 'deleted') response.status(204).end();
    else if (ended === 'no such user') response.status(404).json({ error: 'No such user' });
    else response.status(409).json({ error: 'Something else would go along now. Please look again' });
  });
  return router;
}
