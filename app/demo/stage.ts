import { randomUUID } from 'node:crypto';
import { startServer } from '../../test/postgres/server';
import { withSql } from './sql';

/** A server with databases that nobody else uses. */
export interface Stage {
  readonly version: number;
  /** Creates a database, empty or as a copy of another one of this stage; returns its connection string. */
  create(name: string, copyOf?: string): Promise<string>;
  /** Drops the databases and stops the server. */
  close(): Promise<void>;
}

/** Sets the stage: an embedded PostgreSQL, or the one that `TEST_DATABASE_URL` names. */
export async function openStage(): Promise<Stage> {
  const server = await startServer();
  const suffix = randomUUID().slice(0, 8);
  const created: string[] = [];
  const administer = (statement: string): Promise<unknown> =>
    withSql(server.url, (sql) => sql.rows(statement));
  return {
    version: server.version,
    async create(name, copyOf) {
      const database = `${name}_${suffix}`;
      await administer(
        `create database "${database}"${copyOf === undefined ? '' : ` template "${copyOf}_${suffix}"`}`,
      );
      created.push(database);
      const url = new URL(server.url);
      url.pathname = `/${database}`;
      return url.href;
    },
    async close() {
      // A server that is stopped takes its databases along; a foreign one keeps them.
      for (const database of created) await administer(`drop database if exists "${database}"`);
      await server.stop();
    },
  };
}
