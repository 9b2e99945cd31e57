import { Sequelize } from 'sequelize';
import { defineModels } from '../../../models';
import { readSite, type Site } from '../../generator/damage/site';
import { createDatabase, type TestDatabase } from '../../postgres/database';
import { reconnectingClient } from '../../postgres/judge';

/** A healthy BookNexus that nobody is connected to, for every damage to be done to a copy of it. */
export interface Library {
  readonly site: Site;
  copy(): Promise<TestDatabase>;
  drop(): Promise<void>;
}

export async function buildLibrary(): Promise<Library> {
  const database = await createDatabase('library');
  const sequelize = new Sequelize(database.url, { logging: false });
  const client = reconnectingClient(database.url);
  try {
    defineModels(sequelize);
    await sequelize.sync();
    await client.query(ROWS);
    return {
      site: await readSite(client, sequelize),
      copy: () => createDatabase('case', undefined, database.name),
      drop: () => database.drop(),
    };
  } finally {
    await client.end();
    await sequelize.close();
  }
}

const TIMES = `'2026-01-01'::timestamptz + i * interval '1 hour', '2026-02-01'::timestamptz + i * interval '1 s'`;

const ROWS = `
  create extension hstore; create extension citext;
  create type mood as enum ('so so', 'O''K', 'a,b');
  create type pair as (a integer, b text);
  create domain short as varchar(5) check (value <> 'bad');
  insert into "Users" (id, name, email, "createdAt", "updatedAt") select i, 'user ' || i, i || '@example.org', ${TIMES} from generate_series(1, 12) i;
  insert into "Authors" (id, name, "createdAt", "updatedAt") select i, 'author ' || i, ${TIMES} from generate_series(1, 8) i;
  insert into "Categories" (id, name, "parentId", "createdAt", "updatedAt") select i, 'shelf ' || i, nullif(i / 2, 0), ${TIMES} from generate_series(1, 14) i;
  insert into "Books" (id, title, isbn, "categoryId", "createdAt", "updatedAt") select i, 'book ' || i, 'isbn ' || i, nullif(i % 14, 0), ${TIMES} from generate_series(1, 20) i;
  insert into "BookAuthors" ("bookId", "authorId") select 1 + i % 20, 1 + i % 8 from generate_series(1, 30) i;
  insert into "Checkouts" (id, "userId", "bookId", "dueAt", "createdAt", "updatedAt") select i, 1 + i % 12, 1 + i % 20, now(), ${TIMES} from generate_series(1, 40) i;
  insert into "Fines" (id, "checkoutId", cents, "createdAt", "updatedAt") select i, 1 + i * 7 % 40, i, ${TIMES} from generate_series(1, 50) i;
  insert into "Reviews" (id, "bookId", "userId", stars, text, "createdAt", "updatedAt") select i, 1 + i % 20, nullif(i % 13, 0), 1 + i % 5, E'line\\n\\t"é" \\\\ %s', ${TIMES} from generate_series(1, 40) i`;
