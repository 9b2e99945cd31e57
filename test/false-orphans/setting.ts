import { createDatabase, type TestDatabase } from '../postgres/database';
import { cascade } from '../quarantine/setup';

/** 100 parents and 108 children, of which 101 to 108 are orphans, with two rows below each that go with it. */
export const FAMILY = `
  create table parent (id integer primary key);
  create table child (id integer primary key, parent_id integer);
  create index on child (parent_id);
  create table low (id serial primary key, child_id integer references child on delete cascade);
  create index on low (child_id);
  insert into parent select i from generate_series(1, 100) i;
  insert into child select i, i from generate_series(1, 108) i;
  insert into low (child_id) select 1 + i % 108 from generate_series(1, 216) i`;

/** The key as a run that was interrupted leaves it, so that whoever waits now waits for the clean-up. */
export const FENCE = `alter table child add constraint child_parent_id_fkey foreign key (parent_id) references parent
  on update cascade on delete cascade not valid`;

export const KEYS = [cascade('public.child(parent_id)', 'public.parent(id)')];

/** A database of one test's own, which is dropped after it. */
export function ownDatabase(label: string, statements = FAMILY): { readonly database: TestDatabase } {
  let database: TestDatabase | undefined;
  beforeEach(async () => {
    database = await createDatabase(label);
    await database.query(statements);
  });
  afterEach(() => database?.drop());
  return {
    get database() {
      if (!database) throw new Error('there is no database yet');
      return database;
    },
  };
}

/** The children that stand, by their numbers; from the server's own words, not the guard's. */
export const children = async (database: TestDatabase): Promise<string> =>
  (
    await database.query<{ numbers: string }>(
      `select string_agg(id::text, ' ' order by id) as numbers from child`,
    )
  )[0]?.numbers ?? '';

export const upTo = (last: number): string => Array.from({ length: last }, (_, i) => i + 1).join(' ');
