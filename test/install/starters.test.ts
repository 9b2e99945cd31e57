import { Sequelize } from 'sequelize';
import { installFkGuard } from 'sequelize-fk-guard';
import { defineModels } from '../../models';
import { createDatabase, type TestDatabase } from '../postgres/database';

const STARTERS = 8;
const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Starts the application in as many instances at once as a deployment would; each has a pool of one. */
async function startAll({ url }: TestDatabase): Promise<readonly (string | undefined)[]> {
  const starters = Array.from({ length: STARTERS }, () => {
    const sequelize = new Sequelize(url, { logging: false, pool: { max: 1 } });
    const guard = installFkGuard(sequelize, { logger: silent });
    defineModels(sequelize);
    return { sequelize, guard };
  });
  try {
    await Promise.all(starters.map(({ sequelize }) => sequelize.sync()));
    return starters.map(({ guard }) => guard.lastOutcome?.status);
  } finally {
    await Promise.all(starters.map(({ sequelize }) => sequelize.close()));
  }
}

const keys = async (database: TestDatabase): Promise<unknown> =>
  database.query(`select conrelid::regclass::text as child, count(*)::int as keys, bool_and(convalidated) as valid
                    from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace group by 1 order by 1`);

const BOOKNEXUS = [
  { child: '"BookAuthors"', keys: 2, valid: true },
  { child: '"Books"', keys: 1, valid: true },
  { child: '"Categories"', keys: 1, valid: true },
  { child: '"Checkouts"', keys: 2, valid: true },
  { child: '"Fines"', keys: 1, valid: true },
  { child: '"Reviews"', keys: 2, valid: true },
];

test('many starters at once: on an empty database, on a healthy one, and on a broken one', async () => {
  const database = await createDatabase('starters');
  const empty = await startAll(database);
  expect(empty.filter((status) => status === 'repaired')).toHaveLength(1);
  expect(empty.filter((status) => status === 'clean')).toHaveLength(STARTERS - 1);
  expect(await keys(database)).toEqual(BOOKNEXUS);

  expect(await startAll(database)).toEqual(Array.from({ length: STARTERS }, () => 'clean'));

  await database.query(`
    insert into "Users" (id, name, email, "createdAt", "updatedAt") select i, 'n', i || '@x', now(), now() from generate_series(1, 100) i;
    insert into "Books" (id, title, isbn, "createdAt", "updatedAt") select i, 't', 'isbn-' || i, now(), now() from generate_series(1, 100) i;
    insert into "Checkouts" ("userId", "bookId", "dueAt", "createdAt", "updatedAt") select i, i, now(), now(), now() from generate_series(1, 100) i;
    alter table "Checkouts" drop constraint "Checkouts_userId_fkey";
    delete from "Users" where id <= 5`);
  const broken = await startAll(database);
  expect(broken.filter((status) => status === 'repaired')).toHaveLength(1);
  expect(await keys(database)).toEqual(BOOKNEXUS);
  expect(
    await database.query(
      `select (select count(*) from "Checkouts")::int as kept, (select count(*) from fk_guard.quarantine)::int as copies`,
    ),
  ).toEqual([{ kept: 95, copies: 5 }]);
  await database.drop();
});
