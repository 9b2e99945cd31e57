import { escapeIdentifier } from 'pg';
import { withSql } from '../../app/demo/sql';
import { installedNativeDirectory } from '../../test/postgres/binaries';
import { startEmbedded } from '../../test/postgres/embedded';
import { disk, makeScratch } from '../../test/postgres/sweep';
import type { Row } from './figures';
import type { Size } from './sizes';

/** What is tried, on databases of its own. */
export interface Scenario {
  readonly name: string;
  readonly rows: (bench: Bench) => Promise<readonly Row[]>;
}

/** A server with databases that come and go. */
export interface Bench {
  readonly size: Size;
  readonly url: string;
  /** A new database with `first` and these statements done, and vacuumed: good statistics are there from the beginning. */
  fill<T>(
    statements: readonly string[],
    work: (database: Template) => Promise<T>,
    first?: (url: string) => Promise<unknown>,
  ): Promise<T>;
  stop(): Promise<void>;
}

/** A filled database. */
export interface Template {
  readonly url: string;
  /** Work on a copy that is thrown away, after a checkpoint. Nobody may be connected to the template. */
  onCopy<T>(work: (url: string) => Promise<T>): Promise<T>;
}

/** What an installed server has, instead of the settings that make tests quick; the connections are for the starters. */
const SETTINGS = ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on', 'max_connections=300'];

export async function openBench(size: Size, major?: string): Promise<Bench> {
  const native = major === undefined ? undefined : installedNativeDirectory(major);
  const server = await startEmbedded(native, SETTINGS, undefined, () => makeScratch(disk()));
  let count = 0;
  const administer = (statement: string): Promise<unknown> =>
    withSql(server.url, (sql) => sql.rows(statement));
  const inDatabase = async <T>(
    options: string,
    work: (name: string, url: string) => Promise<T>,
  ): Promise<T> => {
    const name = `bench_${++count}`;
    await administer(`create database ${name} ${options}`);
    try {
      return await work(name, urlOf(server.url, name));
    } finally {
      await administer(`drop database ${name} with (force)`);
    }
  };
  return {
    size,
    url: server.url,
    fill: (statements, work, first) =>
      inDatabase('template template0', async (name, url) => {
        await first?.(url);
        await withSql(url, async (sql) => {
          for (const statement of [...statements, 'vacuum analyze']) await sql.rows(statement);
        });
        const copy = `template ${escapeIdentifier(name)} ${await copying(url)}`;
        return work({
          url,
          onCopy: (onIt) =>
            inDatabase(copy, async (_name, copied) => {
              await administer('checkpoint');
              return onIt(copied);
            }),
        });
      }),
    stop: () => server.stop(),
  };
}

/** By whole files, as before PostgreSQL 15: millions of rows need not go through the WAL. */
const copying = (url: string): Promise<string> =>
  withSql(url, async (sql) =>
    (await sql.number(`select current_setting('server_version_num')::int`)) >= 150_000
      ? 'strategy file_copy'
      : '',
  );

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
