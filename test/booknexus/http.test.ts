import request from 'supertest';
import { type Library, openLibrary } from '../../app/database';
import { createHttp } from '../../app/http';
import type { Readiness } from '../../app/readiness';
import { createDatabase, type TestDatabase } from '../postgres/database';

let database: TestDatabase;
let library: Library;
let readiness: Readiness = { state: 'ready' };

const app = () => request(createHttp(library, () => readiness));
const post = (path: string, body: object) => app().post(path).send(body);

beforeAll(async () => {
  database = await createDatabase('http');
  library = openLibrary(database.url);
  await library.sequelize.sync();
});

beforeEach(async () => {
  readiness = { state: 'ready' };
  await database.query('truncate "Users", "Books", "Authors", "Categories" restart identity cascade');
});

afterAll(async () => {
  await library.sequelize.close();
  await database.drop();
});

test.each(['starting', 'failed', 'stopping'] as const)(
  'answers 503 while it is %s, and says nothing of the reason',
  async (state) => {
    readiness = { state, reason: 'connect ECONNREFUSED db.internal:5432' };

    const health = await app().get('/health');
    const books = await app().get('/books');

    expect(health.status).toBe(503);
    expect(health.body).toEqual({ status: state });
    expect(books.status).toBe(503);
    expect(books.headers['retry-after']).toBe('5');
    expect(books.text).not.toContain('db.internal');
  },
);

test('health tells what the guard did at the start', async () => {
  const answer = await app().get('/health');

  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ status: 'ok', foreignKeys: { remaining: 0 } });
});

test('stores and lists users, books with their authors, and checkouts', async () => {
  expect((await post('/users', { name: 'Ada', email: 'ada@example.org' })).body).toMatchObject({
    id: 1,
    name: 'Ada',
  });
  expect((await post('/books', { title: 'Notes', isbn: '978-1' })).status).toBe(201);
  await database.query(`insert into "Authors" (name) values ('Luigi')`);
  await database.query('insert into "BookAuthors" ("bookId", "authorId") values (1, 1)');
  expect((await post('/checkouts', { userId: 1, bookId: 1 })).status).toBe(201);

  expect((await app().get('/users')).body).toMatchObject([{ id: 1, email: 'ada@example.org' }]);
  expect((await app().get('/books')).body).toMatchObject([
    { id: 1, categoryId: null, authors: [{ name: 'Luigi' }] },
  ]);
  expect((await app().get('/checkouts?userId=1')).body).toMatchObject([
    { userId: 1, bookId: 1, returnedAt: null },
  ]);
  expect((await app().get('/checkouts?userId=2')).body).toEqual([]);
});

test('lists in pages', async () => {
  await database.query(
    `insert into "Users" (name, email) select n, n || '@example.org' from generate_series(1, 60) n`,
  );

  const ids = async (path: string): Promise<number[]> =>
    ((await app().get(path)).body as { id: number }[]).map(({ id }) => id);

  expect(await ids('/users')).toHaveLength(50);
  expect(await ids('/users?limit=2&offset=3')).toEqual([4, 5]);
});

test('a deleted user takes the checkouts along', async () => {
  await post('/users', { name: 'Ada', email: 'ada@example.org' });
  await post('/books', { title: 'Notes', isbn: '978-1' });
  await post('/checkouts', { userId: 1, bookId: 1 });

  expect((await app().delete('/users/1')).status).toBe(204);

  expect(await database.query('select id from "Checkouts"')).toEqual([]);
  expect((await app().delete('/users/1')).status).toBe(404);
  expect((await app().delete('/users/one')).status).toBe(404);
  expect((await app().delete('/users/99999999999')).status).toBe(404);
});

test('names the missing parent of a checkout', async () => {
  await post('/books', { title: 'Notes', isbn: '978-1' });

  const answer = await post('/checkouts', { userId: 4, bookId: 1 });

  expect(answer.status).toBe(422);
  expect(answer.body).toEqual({ error: 'Key (userId)=(4) is not present in table "Users".' });
});

test('refuses a second user with the same address', async () => {
  await post('/users', { name: 'Ada', email: 'ada@example.org' });

  const answer = await post('/users', { name: 'Eve', email: 'ada@example.org' });

  expect(answer.status).toBe(409);
  expect(answer.body).toEqual({ error: 'Taken: email' });
});

test.each([
  ['/users', { name: 'Ada' }],
  ['/users', { name: ' ', email: 'ada@example.org' }],
  ['/users', { name: 'Ada', email: 'ada' }],
  ['/users', { name: 'Ada', email: 'ada@example.org', id: 7 }],
  ['/books', { title: 'x'.repeat(256), isbn: '978-1' }],
  ['/checkouts', { userId: '1', bookId: 1 }],
  ['/checkouts', { userId: 1, bookId: 2 ** 31 }],
  ['/checkouts', { userId: 1, bookId: 1, dueAt: 'tomorrow' }],
])('answers 400 to POST %s that it cannot take (%#)', async (path, body) => {
  expect((await post(path, body)).status).toBe(400);
});

test('answers 400 to what is no JSON or no page, and 404 to what is not there', async () => {
  const broken = await app().post('/users').set('Content-Type', 'application/json').send('{"name":');
  expect(broken.status).toBe(400);
  expect((await app().get('/books?limit=all')).status).toBe(400);
  expect((await app().get('/books?limit=0')).status).toBe(400);
  expect((await app().get('/nothing')).status).toBe(404);
});

test('shows nothing of an error of its own', async () => {
  const log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  await database.query('alter table "Books" rename to "Shelved"');
  try {
    const answer = await app().get('/books');
    expect(answer.status).toBe(500);
    expect(answer.body).toEqual({ error: 'Something went wrong' });
    expect(log).toHaveBeenCalledTimes(1);
  } finally {
    await database.query('alter table "Shelved" rename to "Books"');
  }
});
