import type { Sequelize } from 'sequelize';
import { createGuard, type Outcome } from 'sequelize-fk-guard';
import { connect } from '../../app/database';
import { DAMAGES } from '../../app/demo/damage';
import type { Bench, Template } from './bench';
import { silent } from './silent';

/** A damaged BookNexus with so many checkouts, everything else in proportion. */
export function damagedLibrary<T>(
  bench: Bench,
  checkouts: number,
  work: (database: Template) => Promise<T>,
): Promise<T> {
  const damages = DAMAGES.flatMap(({ statements }) => statements);
  return bench.fill([...rowsOf(checkouts), ...damages], work, (url) =>
    withModels(url, (sequelize) => sequelize.sync()),
  );
}

/** The whole repair, from the look to the proof. */
export function repairLibrary(url: string): Promise<Outcome> {
  return withModels(url, async (sequelize) => {
    const outcome = await createGuard({ sequelize }, { logger: silent }).apply();
    if (outcome.status !== 'repaired') throw new Error(`The repair was ${outcome.status}.`);
    return outcome;
  });
}

async function withModels<T>(url: string, work: (sequelize: Sequelize) => Promise<T>): Promise<T> {
  const { sequelize } = connect(url);
  try {
    return await work(sequelize);
  } finally {
    await sequelize.close();
  }
}

const now = `now() - interval '90 days', now()`;

/** Users and books are so few that the seeds' NOT IN has its hash in memory: otherwise there would be no comparison. */
export const usersOf = (checkouts: number): number => Math.ceil(checkouts / 100);
export const booksOf = (checkouts: number): number => Math.ceil(checkouts / 250);

const rowsOf = (checkouts: number): readonly string[] => [
  `insert into "Users" (name, email, "createdAt", "updatedAt")
     select 'Reader ' || n, 'reader' || n || '@example.org', ${now} from generate_series(1, ${usersOf(checkouts)}) n`,
  `insert into "Categories" (name, "createdAt", "updatedAt") values ('Shelf', ${now})`,
  `insert into "Books" (title, isbn, "categoryId", "createdAt", "updatedAt")
     select 'Book ' || n, '978' || lpad(n::text, 10, '0'), 1, ${now} from generate_series(1, ${booksOf(checkouts)}) n`,
  `insert into "Checkouts" ("userId", "bookId", "dueAt", "returnedAt", "createdAt", "updatedAt")
     select 1 + n::bigint * 7919 % ${usersOf(checkouts)}, 1 + n::bigint * 104729 % ${booksOf(checkouts)},
            now() + n % 30 * interval '1 day', case when n % 3 = 0 then now() end, ${now}
       from generate_series(1, ${checkouts}) n`,
  `insert into "Fines" ("checkoutId", cents, "createdAt", "updatedAt")
     select n, 50 * (1 + n % 9), ${now} from generate_series(7, ${checkouts}, 7) n`,
  `insert into "Reviews" ("bookId", "userId", stars, text, "createdAt", "updatedAt")
     select 1 + n::bigint * 3 % ${booksOf(checkouts)}, 1 + n % ${usersOf(checkouts)}, 1 + n % 5, 'Review ' || n, ${now}
       from generate_series(1, ${checkouts / 10}) n`,
];

const notIn = (table: string, column: string, parent: string): string =>
  `delete from "${table}" where "${column}" not in (select id from "${parent}")`;
const key = (table: string, column: string, parent: string, onDelete: string): readonly string[] => [
  `alter table "${table}" drop constraint if exists "${table}_${column}_fkey"`,
  `alter table "${table}" add constraint "${table}_${column}_fkey" foreign key ("${column}") references "${parent}" (id)
     on delete ${onDelete} on update cascade`,
];

/**
 * The same repair as the seeds do it: the primary key, DELETE … NOT IN, drop and add. Nothing is copied. For the fines
 * NOT IN would never end with so many checkouts; something better stands in for it, so that there is a comparison.
 */
export const SEEDS_WAY: readonly string[] = [
  `alter table "Checkouts" add primary key (id)`,
  notIn('Checkouts', 'userId', 'Users'),
  notIn('Checkouts', 'bookId', 'Books'),
  `delete from "Fines" where not exists (select from "Checkouts" c where c.id = "checkoutId")`,
  ...key('Checkouts', 'userId', 'Users', 'cascade'),
  ...key('Checkouts', 'bookId', 'Books', 'cascade'),
  ...key('Fines', 'checkoutId', 'Checkouts', 'cascade'),
  ...key('Reviews', 'bookId', 'Books', 'cascade'),
  `alter table "Reviews" drop constraint "Reviews_userId_fkey1"`,
];
