import request from 'supertest';
import { type Library, openLibrary } from '../../app/database';
import { createHttp } from '../../app/http';
import { databaseProbe, type Probe } from '../../app/probe';
import type { Readiness } from '../../app/readiness';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { untilSomebodyWaits } from './seen';

interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

let database: TestDatabase;
let library: Library;
let probe: Probe;
let readiness: Readiness = { state: 'ready' };

const app = () => request(createHttp(library, { probe, readiness: () => readiness }));
const post = (path: string, body: object) => app().post(path).send(body);

beforeAll(async () => {
  database = await createDatabase('http');
  library = openLibrary(database.url);
  probe = databaseProbe(database.url);
  await library.sequelize.sync();
});

beforeEach(async () => {
  readiness = { state: 'ready' };
  await database.query('truncate "Users", "Books", "Authors", "Categories" restart identity cascade');
});

afterAll(async () => {
  await probe.close();
  await library.sequelize.close();
  await database.drop();
});

test.each(['starting', 'failed'] as const)(
  'answers 503 while it is %s, lives, and says nothing of the reason',
  async (state) => {
    readiness = { state, reason: 'connect ECONNREFUSED db.internal:5432' };

    expect(await app().get('/livez')).toMatchObject({ status: 200, body: { status: 'alive' } });
    expect(await app().get('/readyz')).toMatchObject({ status: 503, body: { status: state } });
    expect(await app().get('/health')).toMatchObject({ status: 503, body: { status: state } });
    const books = await app().get('/books');
    expect(books.status).toBe(503);
    expect(books.headers['retry-after']).toBe('5');
    expect(books.text).not.toContain('db.internal');
  },
);

test('while it stops, the probes say so and the rest goes on', async () => {
  readiness = { state: 'ready', stopping: true };

  expect((await app().get('/livez')).status).toBe(200);
  expect(await app().get('/readyz')).toMatchObject({ status: 503, body: { status: 'stopping' } });
  expect((await app().get('/books')).status).toBe(200);
});

test('is ready when the guard is done and the database answers', async () => {
  expect(await app().get('/readyz')).toMatchObject({
    status: 200,
    body: { status: 'ready', pid: process.pid },
  });
});

test('serves its page and files, with a policy that lets nothing else in', async () => {
  readiness = { state: 'starting' };
  const html = await app().get('/');

  expect(html).toMatchObject({ status: 200, type: 'text/html' });
  expect(html.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
  expect(html.headers['cache-control']).toBe('no-cache');
  expect(html.text).not.toMatch(/<script(?! type="module" src=)|<style| style=| on\w+=|https?:/);
  const files = [...html.text.matchAll(/(?:src|href)="(\/[^"]*)"/g)].map(([, file]) => file ?? '');
  expect(files).toContain('/library.js');
  for (const file of files) expect(await app().get(file)).toMatchObject({ status: 200 });
});

test('health tells how the foreign keys are now, and what the guard did at the start', async () => {
  const { status, body } = (await app().get('/health')) as Answer<{ findings: unknown[] }>;
  expect({ status, body }).toMatchObject({
    status: 200,
    body: { status: 'pass', repairing: false, lastRun: 'repaired' },
  });

  await database.query('alter table "Checkouts" drop constraint "Checkouts_userId_fkey"');
  const broken = (await app().get('/health')) as Answer<{ findings: unknown[] }>;
  await library.guard.run();

  expect(broken).toMatchObject({ status: 200, body: { status: 'warn' } });
  expect(broken.body.findings).toContainEqual(
    expect.objectContaining({ kind: 'missing-foreign-key', severity: 'error', relation: 'Checkout.userId' }),
  );
  expect((await app().get('/health')).body).toMatchObject({ status: 'pass' });
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

test('a book is borrowed once, comes back once, and can be borrowed again', async () => {
  await post('/users', { name: 'Ada', email: 'ada@example.org' });
  await post('/books', { title: 'Notes', isbn: '978-1' });
  const borrowed = async (): Promise<unknown> =>
    ((await app().get('/books')).body as { borrowed: unknown }[])[0]?.borrowed;
  expect(await borrowed()).toBeNull();

  const both = await Promise.all([1, 2].map(() => post('/checkouts', { userId: 1, bookId: 1 })));

  expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
  const { id } = both.find(({ status }) => status === 201)?.body as { id: number };
  expect(await borrowed()).toMatchObject({ checkoutId: id, userId: 1, name: 'Ada' });
  expect(await database.query('select "userId", "returnedAt" from "Checkouts"')).toEqual([
    { userId: 1, returnedAt: null },
  ]);

  const returns = await Promise.all([1, 2].map(() => post(`/checkouts/${id}/return`, {})));
  expect(returns.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect(await borrowed()).toBeNull();
  expect((await post('/checkouts', { userId: 1, bookId: 1 })).status).toBe(201);
  for (const nobody of ['77', 'one', '99999999999'])
    expect((await post(`/checkouts/${nobody}/return`, {})).status).toBe(404);
});

test('says what would go with a user, which is what then goes', async () => {
  await database.query(`
    insert into "Users" (name, email) values ('Ada', 'ada@example.org'), ('Eve', 'eve@example.org');
    insert into "Books" (title, isbn) select 'Notes', i from generate_series(1, 3) i;
    insert into "Checkouts" ("userId", "bookId", "dueAt") values (1, 1, now()), (1, 2, now()), (2, 3, now());
    insert into "Fines" ("checkoutId", cents) select id, 50 from "Checkouts";
    insert into "Reviews" ("bookId", "userId", stars, text) values (1, 1, 5, ''), (2, 1, 4, ''), (3, 2, 3, '')`);
  const rows = () =>
    database.query(`select (select count(*)::int from "Users") as users, (select count(*)::int from "Checkouts") as checkouts,
      (select count(*)::int from "Fines") as fines, (select count(*)::int from "Reviews" where "userId" is null) as forgot`);

  const { status, body } = (await app().get('/users/1/impact')) as Answer<{ touched: { model: string }[] }>;

  expect({ status, body }).toMatchObject({ status: 200, body: { verdict: 'deletes' } });
  expect(body.touched.toSorted((one, other) => (one.model < other.model ? -1 : 1))).toEqual([
    { model: 'Checkout', rowsDeleted: 2, rowsChanged: 0 },
    { model: 'Fine', rowsDeleted: 2, rowsChanged: 0 },
    { model: 'Review', rowsDeleted: 0, rowsChanged: 2 },
    { model: 'User', rowsDeleted: 1, rowsChanged: 0 },
  ]);
  expect(await rows()).toEqual([{ users: 2, checkouts: 3, fines: 3, forgot: 0 }]);
  expect((await app().delete('/users/1')).status).toBe(204);
  expect(await rows()).toEqual([{ users: 1, checkouts: 1, fines: 1, forgot: 2 }]);
  for (const nobody of ['1', 'one', '99999999999'])
    expect((await app().get(`/users/${nobody}/impact`)).status).toBe(404);
});

test('deletes what somebody was shown, or nothing; a key that forbids it is named', async () => {
  await post('/users', { name: 'Ada', email: 'ada@example.org' });
  const impact = await app().get('/users/1/impact');
  const { touched } = (impact as Answer<{ touched: object[] }>).body;
  await database.query(
    `insert into "Books" (id, title, isbn) values (1, 'Notes', '978-1');
     insert into "Reviews" ("userId", "bookId", stars, text) values (1, 1, 5, '')`,
  );
  expect(await app().delete('/users/1').send({ touched })).toMatchObject({ status: 409 });
  expect(await app().delete('/users/1').send({ touched: 'all' })).toMatchObject({ status: 400 });
  expect(await database.query('select id from "Users"')).toEqual([{ id: 1 }]);

  await database.query(
    `create table "Cards" as select id as "userId" from "Users";
     alter table "Cards" add foreign key ("userId") references "Users" on delete restrict`,
  );
  const refused = await app().delete('/users/1');
  await database.query('drop table "Cards"');
  expect(refused).toMatchObject({
    status: 422,
    body: { error: expect.stringContaining('"Cards"') as string },
  });
});

test('a fine that comes in while a user is being deleted does not go unseen', async () => {
  await post('/users', { name: 'Ada', email: 'ada@example.org' });
  await post('/books', { title: 'Notes', isbn: '978-1' });
  await post('/checkouts', { userId: 1, bookId: 1 });
  const impact = await app().get('/users/1/impact');
  const { touched } = (impact as Answer<{ touched: object[] }>).body;
  await database.query('begin; insert into "Fines" ("checkoutId", cents) values (1, 500)');
  const deleting = app().delete('/users/1').send({ touched }).then();
  await untilSomebodyWaits(database);
  await database.query('commit');

  expect(await deleting).toMatchObject({ status: 409 });
  expect(await database.query('select cents from "Fines"')).toEqual([{ cents: 500 }]);
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
