import type { TestDatabase } from '../../postgres/database';

/** Auth.js's four tables as a setup script makes them: no keys between them. Thirty people, each with a session and an account. */
export const makeTables = (database: TestDatabase): Promise<unknown> =>
  database.query(`
    create table users (id uuid primary key, name varchar(255), email varchar(255) unique, email_verified timestamptz, image varchar(255));
    create table accounts (
      id uuid primary key, type varchar(255) not null, provider varchar(255) not null, provider_account_id varchar(255) not null,
      refresh_token varchar(255), access_token varchar(255), expires_at integer, token_type varchar(255), scope varchar(255),
      id_token text, session_state varchar(255), user_id uuid);
    create table sessions (id uuid primary key, expires timestamptz not null, session_token varchar(255) not null unique, user_id uuid);
    create table verification_tokens (token varchar(255) primary key, identifier varchar(255) not null, expires timestamptz not null);
    insert into users (id, email) select md5('u' || i)::uuid, i || '@x' from generate_series(1, 30) i;
    insert into accounts (id, type, provider, provider_account_id, access_token, user_id)
      select md5('a' || i)::uuid, 'oauth', 'google', i::text, 'secret ' || i, md5('u' || i)::uuid from generate_series(1, 30) i;
    insert into sessions select md5('s' || i)::uuid, now(), 'session ' || i, md5('u' || i)::uuid from generate_series(1, 30) i;
    insert into verification_tokens values ('t', '1@x', now())`);

/** A session of somebody who is gone. */
export const orphanSession = (database: TestDatabase): Promise<unknown> =>
  database.query(`insert into sessions values (md5('s99')::uuid, now(), 'session 99', '${NOBODY}')`);

/** An account of somebody who is gone, with what links it to its provider. */
export const orphanAccount = (database: TestDatabase): Promise<unknown> =>
  database.query(`insert into accounts (id, type, provider, provider_account_id, access_token, user_id)
    values (md5('a99')::uuid, 'oauth', 'google', '99', 'secret 99', '${NOBODY}')`);

export const NOBODY = '00000000-0000-4000-8000-000000000099';

export const rowsIn = (database: TestDatabase): Promise<unknown> =>
  database.query(`select (select count(*) from users)::int as users, (select count(*) from accounts)::int as accounts,
    (select count(*) from sessions)::int as sessions, (select count(*) from verification_tokens)::int as tokens`);

/** Every foreign key of the application in PostgreSQL's own words. */
export const keysOf = async (database: TestDatabase): Promise<readonly string[]> =>
  (
    await database.query<{ key: string }>(`
      select conname || ': ' || pg_get_constraintdef(oid) as key from pg_constraint
       where contype = 'f' and connamespace = 'public'::regnamespace order by conname`)
  ).map(({ key }) => key);

/** What the guard has kept: table, what became of the row, and the values that matter. */
export const quarantined = (database: TestDatabase): Promise<unknown> =>
  database.query(`
    select table_name as "table", action, coalesce(row_data ->> 'session_token', row_data ->> 'access_token') as secret
      from fk_guard.quarantine order by 1`);
