import { randomBytes } from 'node:crypto';
import { escapeIdentifier, escapeLiteral } from 'pg';
import { reconnectingClient, type Judge } from './judge';

/** A database of one test file's own, with a plain client for judging what is in it. */
export interface TestDatabase extends Judge {
  readonly name: string;
  /** A superuser's connection string. */
  readonly url: string;
  /** A role that may log in and nothing else, and its connection string to this database. Dropped with it. */
  createRole(attributes?: string): Promise<{ readonly name: string; readonly url: string }>;
  /**
   * Drops the database and its roles, whoever is still connected; never waits for them. Rejects afterwards when a
   * connection had been left open, unless `force` says that this is meant.
   */
  drop(options?: { readonly force?: boolean }): Promise<void>;
}

/** Where the test run's server is, for the processes that run the tests. */
export const SERVER_VARIABLE = 'FK_GUARD_TEST_SERVER';
/** The database that every test database is copied from; its name is the beginning of theirs. */
export const TEMPLATE_VARIABLE = 'FK_GUARD_TEST_TEMPLATE';

/** Makes a fresh, empty database on the test run's server, or on another one; or a copy of one that nobody is using. */
export async function createDatabase(
  label = 'test',
  server = process.env[SERVER_VARIABLE],
  template = process.env[TEMPLATE_VARIABLE],
): Promise<TestDatabase> {
  if (server === undefined) throw new Error('There is no test server: run the tests with jest.');
  const name = `${template ?? 'fk_guard'}_${label.replace(/\W+/g, '_').slice(0, 24)}_${randomBytes(4).toString('hex')}`;
  // A test may stop the whole server in between.
  const admin = reconnectingClient(server);
  await admin.query(
    `create database ${escapeIdentifier(name)} template ${escapeIdentifier(template ?? 'template0')}`,
  );
  const url = urlOf(server, { database: name });
  const judge = reconnectingClient(url);
  const roles: string[] = [];
  return {
    name,
    url,
    query: (text, values) => judge.query(text, values),
    async createRole(attributes = '') {
      const role = { name: `${name}_role_${roles.length + 1}`, password: randomBytes(8).toString('hex') };
      await judge.query(
        `create role ${escapeIdentifier(role.name)} login password ${escapeLiteral(role.password)} ${attributes}`,
      );
      roles.push(role.name);
      return { name: role.name, url: urlOf(url, { user: role.name, password: role.password }) };
    },
    async drop({ force = false } = {}) {
      await judge.end();
      const leaks = await remainingConnections(admin, name);
      await dropDatabase(admin, name);
      for (const role of roles) await admin.query(`drop role ${escapeIdentifier(role)}`);
      await admin.end();
      if (leaks.length > 0 && !force)
        throw new Error(`Connections to "${name}" were left open: ${leaks.join('; ')}`);
    },
  };
}

/** Makes the template database of a test run and returns its name. */
export async function createTemplate(server: string): Promise<string> {
  const name = `fk_guard_${randomBytes(4).toString('hex')}`;
  await asAdmin(server, (admin) =>
    admin.query(`create database ${escapeIdentifier(name)} template template0 encoding 'UTF8'`),
  );
  return name;
}

/** Drops the template and whatever else the run left on the server. */
export async function dropRun(server: string, template: string): Promise<void> {
  await asAdmin(server, async (admin) => {
    const databases = await admin.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1)',
      [template],
    );
    for (const { datname } of databases) await dropDatabase(admin, datname);
    const roles = await admin.query<{ rolname: string }>(
      'select rolname from pg_roles where starts_with(rolname, $1)',
      [template],
    );
    for (const { rolname } of roles) await admin.query(`drop role ${escapeIdentifier(rolname)}`);
  });
}

async function dropDatabase(admin: Judge, name: string): Promise<void> {
  // `drop database … with (force)` is of PostgreSQL 13; this is the same on 12. The drop waits for them to be gone.
  await admin.query(`alter database ${escapeIdentifier(name)} with allow_connections false`);
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  await admin.query(`drop database ${escapeIdentifier(name)}`);
}

/** What is still connected after a moment's grace, since a server learns of a closed connection a little later. */
async function remainingConnections(admin: Judge, database: string): Promise<string[]> {
  const text = `select format('%s [%s] %s', application_name, state, left(query, 200)) as left_over, pg_sleep(0.02)
    from pg_stat_activity where datname = $1 and backend_type = 'client backend'`;
  let left: string[] = [];
  for (const deadline = Date.now() + 1_000; Date.now() < deadline;) {
    left = (await admin.query<{ left_over: string }>(text, [database])).map((row) => row.left_over);
    if (left.length === 0) break;
  }
  return left;
}

async function asAdmin<T>(server: string, work: (admin: Judge) => Promise<T>): Promise<T> {
  const admin = reconnectingClient(server);
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function urlOf(
  url: string,
  change: { readonly database?: string; readonly user?: string; readonly password?: string },
): string {
  const changed = new URL(url);
  if (change.database !== undefined) changed.pathname = `/${change.database}`;
  if (change.user !== undefined) changed.username = change.user;
  if (change.password !== undefined) changed.password = change.password;
  return changed.href;
}
