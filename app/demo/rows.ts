import type { Sql } from './sql';

/** How many rows `fillLibrary` makes. */
const ROWS = { users: 300, books: 1000, checkouts: 4000 } as const;

const now = `now() - interval '90 days', now()`;

/** Parents before children. The numbers are chosen so that user 1 has checkouts, fines and reviews. */
const statements = [
  `insert into "Users" (name, email, "createdAt", "updatedAt")
     select 'Reader ' || n, 'reader' || n || '@example.org', ${now} from generate_series(1, ${ROWS.users}) n`,
  `insert into "Authors" (name, "createdAt", "updatedAt") select 'Author ' || n, ${now} from generate_series(1, 120) n`,
  `insert into "Categories" (name, "parentId", "createdAt", "updatedAt")
     select 'Shelf ' || n, case when n > 4 then 1 + n % 4 end, ${now} from generate_series(1, 12) n`,
  `insert into "Books" (title, isbn, "categoryId", "createdAt", "updatedAt")
     select 'Book ' || n, '978' || lpad(n::text, 10, '0'), 1 + n % 12, ${now} from generate_series(1, ${ROWS.books}) n`,
  `insert into "BookAuthors" ("bookId", "authorId")
     select n, 1 + n % 120 from generate_series(1, ${ROWS.books}) n
     union select n, 1 + n % 77 from generate_series(1, ${ROWS.books}, 3) n`,
  `insert into "Checkouts" ("userId", "bookId", "dueAt", "returnedAt", "createdAt", "updatedAt")
     select 1 + (n - 1) % ${ROWS.users}, 1 + n * 7 % ${ROWS.books}, now() + n % 30 * interval '1 day',
            case when n % 3 = 0 then now() end, ${now} from generate_series(1, ${ROWS.checkouts}) n`,
  `insert into "Fines" ("checkoutId", cents, "createdAt", "updatedAt")
     select n, 50 * (1 + n % 9), ${now} from generate_series(7, ${ROWS.checkouts}, 7) n`,
  `insert into "Reviews" ("bookId", "userId", stars, text, "createdAt", "updatedAt")
     select 1 + n * 3 % ${ROWS.books}, 1 + n % ${ROWS.users}, 1 + n % 5, 'Review ' || n, ${now} from generate_series(1, 1500) n`,
];

/** Fills the empty tables of BookNexus with a few thousand rows. */
export async function fillLibrary(sql: Sql): Promise<void> {
  for (const statement of statements) await sql.rows(statement);
}
