import { installFkGuard, type FkGuardOptions } from 'sequelize-fk-guard';
import { connect as connectClient, silent } from '../quarantine/setup';
import { eachWithLibrary, SEQUELIZE_KEY, signal } from './library';
import { columns, connect, define, foreignKeys } from './recorded-guard';

const library = eachWithLibrary('serialized');
const install = (options: FkGuardOptions = {}) =>
  installFkGuard(library.sequelize, { logger: silent, serializeModelSync: true, ...options });

/** How many syncs were under way at once, at most, and their order. */
function watchSyncs(): { readonly order: string[]; most: number } {
  const seen = { order: [] as string[], most: 0 };
  let running = 0;
  library.sequelize.addHook('beforeSync', (options) => {
    seen.order.push((options as { name: { singular: string } }).name.singular);
    seen.most = Math.max(seen.most, ++running);
  });
  library.sequelize.addHook('afterSync', () => void running--);
  return seen;
}

const errors = (results: readonly PromiseSettledResult<unknown>[]): string[] =>
  results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));

test('without it, a child that is synced before its parent fails in check mode, as it does in Sequelize', async () => {
  install({ mode: 'check', serializeModelSync: false });
  const { Book, Author } = library;
  const results = await Promise.allSettled([Book.sync(), Author.sync()]);
  expect(errors(results)).toEqual(['SequelizeDatabaseError: relation "Authors" does not exist']);
});

test.each(['check', 'repair'] as const)(
  'calls made together run one after the other, parents first (mode %s)',
  async (mode) => {
    install({ mode });
    const seen = watchSyncs();
    const { Book, Author } = library;
    await Promise.all([Book.sync(), Book.sync(), Author.sync(), Book.sync(), Author.sync()]);
    expect(seen).toEqual({ order: ['Author', 'Book'], most: 1 });
    expect(await foreignKeys(library.database)).toEqual([SEQUELIZE_KEY]);
  },
);

test('calls that want the same are done once, others each', async () => {
  install();
  await library.sequelize.sync();
  const seen = watchSyncs();
  const { Author } = library;
  const calls = [undefined, { alter: true }, undefined, { alter: true }, {}].map((options) =>
    Author.sync(options),
  );
  expect(await Promise.all(calls)).toEqual([Author, Author, Author, Author, Author]);
  await Author.sync();
  expect(seen.order).toHaveLength(4);
});

test('a sync of everything has its turn too, before the others', async () => {
  install();
  const seen = watchSyncs();
  await Promise.all([library.Book.sync(), library.sequelize.sync(), library.Author.sync()]);
  expect(seen).toEqual({ order: ['Author', 'Book', 'Author', 'Book'], most: 1 });
});

test('a sync inside a sync is part of its turn, and one inside a transaction waits for nobody', async () => {
  install();
  const { sequelize, Author, Book } = library;
  const [begun, go] = [signal(), signal()];
  await sequelize.sync();
  Author.addHook('beforeSync', async () => {
    await Book.sync();
    begun.give();
    await go.given;
  });
  const author = Author.sync();
  await begun.given;
  await sequelize.transaction((transaction) => Book.sync({ transaction } as object));
  go.give();
  await expect(author).resolves.toBe(Author);
});

test('a sync that fails, and models that cannot be read, pass the turn on', async () => {
  install();
  const { sequelize, Author, Book } = library;
  const failing = define(sequelize, 'Failing', { at: { type: 'no such type' } });
  const results = await Promise.allSettled([failing.sync(), Author.sync(), Book.sync()]);
  expect(errors(results)).toEqual([expect.stringContaining('SequelizeDatabaseError')]);
  Object.assign(Book.getAttributes()['authorId'] ?? {}, { onDelete: 'CASCADEE' });
  // Sequelize starts with such models, and so does the guard.
  expect(errors(await Promise.allSettled([Author.sync(), Book.sync()]))).toEqual([]);
});

test.each(['check', 'repair'] as const)(
  'a sync waits while another process has its turn (mode %s)',
  async (mode) => {
    const guard = install({ mode });
    const [waits, other] = [signal(), await connectClient(library.database.url)];
    guard.on('wait', waits.give);
    await other.query('begin; select pg_advisory_xact_lock(6712167, 1)');
    const sync = library.Author.sync();
    expect(await Promise.race([waits.given.then(() => 'waits'), sync.then(() => 'does not wait')])).toBe(
      'waits',
    );
    expect(await library.database.query(`select 1 from pg_tables where tablename = 'Authors'`)).toEqual([]);
    await other.end();
    await sync;
    expect(await columns(library.database, '"Authors"')).toEqual(['id integer not null']);
  },
);

test.each(['check', 'repair'] as const)(
  'many processes on one empty database do not meet (mode %s)',
  async (mode) => {
    const starters = Array.from({ length: 6 }, () => starter(mode));
    const results = await Promise.allSettled(starters.flatMap(({ calls }) => calls()));
    await Promise.all(starters.map(({ sequelize }) => sequelize.close()));
    expect(errors(results)).toEqual([]);
    expect(await foreignKeys(library.database)).toEqual([SEQUELIZE_KEY]);
  },
);

/** Another process, as far as the guard can tell. */
function starter(mode: 'check' | 'repair') {
  const sequelize = connect(library.database, { pool: { max: 2 } });
  installFkGuard(sequelize, { logger: silent, serializeModelSync: true, mode });
  const Author = define(sequelize, 'Author', {});
  const Book = define(sequelize, 'Book', {});
  Book.belongsTo(Author, { foreignKey: 'authorId' });
  return { sequelize, calls: () => [Book.sync(), Author.sync(), Book.sync(), Author.sync()] };
}
