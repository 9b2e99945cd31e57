import { readCatalog } from '../../src/catalog/read';
import { readServer } from '../../src/catalog/server';
import { catalogSearchPath, sessionGuards } from '../../src/catalog/session-guards';
import { databaseAt, transaction, withSession, type Session } from '../../src/db';
import type { OrphanCondition } from '../../src/changes/change';
import type { Catalog, ForeignKey, Table } from '../../src/catalog/catalog';
import type { Operator, TableName } from '../../src/schema';
import type { Sql } from '../../src/sql';

/** Runs `work` in a read-only transaction as the guard would, under the connection's own search_path. */
export function reading<T>(
  url: string,
  work: (session: Session) => Promise<T>,
  settings: readonly Sql[] = [],
): Promise<T> {
  return withSession(databaseAt(url), (session) =>
    transaction(session, 'read only', [...sessionGuards, ...settings], () => work(session)),
  );
}

/** Reads the whole catalog as the guard does, and keeps count of what was asked of pg_catalog. */
export function lookAt(
  url: string,
  settings: readonly Sql[] = [],
): Promise<Catalog & { readonly queries: number }> {
  return reading(
    url,
    async (session) => {
      let queries = 0;
      const counting: Session = {
        ...session,
        query: (text, values) => {
          queries++;
          return session.query(text, values);
        },
      };
      const server = await readServer(counting);
      await session.query(catalogSearchPath);
      const catalog = await readCatalog(counting, server);
      return { ...catalog, queries };
    },
    settings,
  );
}

/** The one table of that name. */
export function tableOf(catalog: Catalog, name: string, schema = 'public'): Table {
  const [table, ...others] = catalog.tables.filter(
    (each) => each.name.schema === schema && each.name.name === name,
  );
  if (table === undefined || others.length > 0)
    throw new Error(`${others.length + (table ? 1 : 0)} tables ${schema}.${name}`);
  return table;
}

/** The one foreign key of that name on one table. */
export function keyOf(catalog: Catalog, name: string, child?: string, schema = 'public'): ForeignKey {
  const [key, ...others] = catalog.foreignKeys.filter(
    (each) =>
      each.name === name &&
      each.child.schema === schema &&
      (child === undefined || each.child.name === child),
  );
  if (key === undefined || others.length > 0)
    throw new Error(`${others.length + (key ? 1 : 0)} keys ${name}`);
  return key;
}

/** PostgreSQL's own equality. */
export const plainEquals: Operator = { schema: 'pg_catalog', name: '=' };

export const inPublic = (name: string): TableName => ({ schema: 'public', name });

/** A condition on `child.parent_id` and `parent.id`, both in the schema public. */
export const singleColumn = (child: string, parent: string, equality = plainEquals): OrphanCondition => ({
  child: inPublic(child),
  childColumns: ['parent_id'],
  parent: inPublic(parent),
  parentColumns: ['id'],
  equality: [equality],
});
