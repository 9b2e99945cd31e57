import { text } from './catalog/row';
import { databaseAt, withSession, type Database, type Session } from './db';
import { FkGuardError } from './errors';
import type { Settings } from './options';
import { sql } from './sql';

/**
 * Where the sessions come from that write and that hold the single-runner lock: `directUrl`, where there is one, which
 * goes past a pooler. Its first session is held against one of `database`: throws `OPTIONS` when they are two databases.
 * `around` is what the guard's sessions are wrapped in.
 */
export function writerOf(
  database: Database,
  { directUrl, mode }: Settings,
  around = (direct: Database): Database => direct,
): Database {
  if (directUrl === undefined || mode === 'check') return database;
  const direct = around(databaseAt(directUrl));
  let isSame: Promise<void> | undefined;
  return {
    label: direct.label,
    ...(direct.signal && { signal: direct.signal }),
    async open() {
      const session = await direct.open();
      try {
        await (isSame ??= assertSame(database, direct, session));
        return session;
      } catch (error) {
        isSame = undefined;
        await session.close();
        throw error;
      }
    },
  };
}

async function assertSame(database: Database, direct: Database, session: Session): Promise<void> {
  const [theirs, ours] = [await identityOf(session), await withSession(database, identityOf)];
  const same =
    theirs.database === ours.database &&
    (theirs.system !== undefined && ours.system !== undefined
      ? theirs.system === ours.system
      : theirs.started === ours.started);
  if (!same)
    throw new FkGuardError(
      'OPTIONS',
      `directUrl leads to another database (${direct.label}) than the connection (${database.label}).`,
      'Let it lead to the same database of the same server. Nothing was changed.',
    );
}

interface Identity {
  /** The oid of the database: several may have one name on servers that were copied, and a pooler may rename it. */
  readonly database: string;
  /** The cluster's, where the role may ask for it; a standby has its primary's. */
  readonly system: string | undefined;
  readonly started: string;
}

async function identityOf(session: Session): Promise<Identity> {
  const [row] = await session.query(sql`
    select d.oid, extract(epoch from pg_catalog.pg_postmaster_start_time()) as started,
           pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE') as may_ask
      from pg_catalog.pg_database d where d.datname operator(pg_catalog.=) pg_catalog.current_database()`);
  const [control] =
    text(row, 'may_ask') === 't'
      ? await session.query(sql`select system_identifier as system from pg_catalog.pg_control_system()`)
      : [];
  return {
    database: text(row, 'oid'),
    started: text(row, 'started'),
    system: control && text(control, 'system'),
  };
}
