import type { Lock, LockMode } from '../changes/statement';
import type { Row, Session } from '../db';
import { qualified, sql } from '../sql';
import { labelOf } from './blocker-label';

/** Thrown instead of queueing; the code is that of a lock that is not to be had (manual, appendix A). */
export class TableOccupied extends Error {
  readonly code = '55P03';

  constructor(readonly blockers: string) {
    super(`locked by ${blockers}`);
  }
}

/** Looks, inside of a transaction under the guard's own search_path, whether the locks are worth asking for. */
export type QueueGuard = (session: Session, locks: readonly Lock[]) => Promise<void>;

/**
 * Who waits for a lock makes everybody wait who comes after and wants less. That is worth it for what ends soon; behind
 * a transaction that is older than `patience`, which is what one try may wait, it is not. Where the role may not see how
 * old the transactions of others are, their age counts from when they were first seen here: one guard for all tries.
 */
export function queueGuard(patience: number): QueueGuard {
  const firstSeen = new Map<string, number>();
  const ageOf = (row: Row, now: number): number => {
    const id = `${row['id']}`;
    const since = firstSeen.get(id) ?? now;
    firstSeen.set(id, since);
    return row['ms'] === null ? now - since : Number(row['ms']);
  };
  return async (session, locks) => {
    const felt = locks.filter(({ mode }) => HOLDING_UP.includes(mode));
    if (felt.length === 0) return;
    const holders = await holdersOf(session, felt, (mode) => CONFLICTS[mode]);
    const now = performance.now();
    const long = holders.filter((row) => ageOf(row, now) > patience);
    if (long.length > 0) throw new TableOccupied(long.map(labelOf).join(', '));
  };
}

/** Behind these ordinary statements queue up; behind the weaker ones nobody does but maintenance. */
const HOLDING_UP: readonly LockMode[] = ['SHARE', 'SHARE ROW EXCLUSIVE', 'ACCESS EXCLUSIVE'];

const STRONGEST = ['ExclusiveLock', 'AccessExclusiveLock'] as const;
const WRITES = ['RowExclusiveLock', 'ShareUpdateExclusiveLock'] as const;
const SHARES = ['ShareLock', 'ShareRowExclusiveLock'] as const;

/** Which locks of others each mode waits for (manual, 13.3.1), in the words of `pg_locks`. */
export const CONFLICTS: Readonly<Record<LockMode, readonly string[]>> = {
  'ROW SHARE': STRONGEST,
  'ROW EXCLUSIVE': [...SHARES, ...STRONGEST],
  'SHARE UPDATE EXCLUSIVE': ['ShareUpdateExclusiveLock', ...SHARES, ...STRONGEST],
  SHARE: [...WRITES, 'ShareRowExclusiveLock', ...STRONGEST],
  'SHARE ROW EXCLUSIVE': [...WRITES, ...SHARES, ...STRONGEST],
  'ACCESS EXCLUSIVE': ['AccessShareLock', 'RowShareLock', ...WRITES, ...SHARES, ...STRONGEST],
};

/** The sessions that hold one of these modes on the tables; `mode` is the one that is wanted. */
export const holdersOf = (
  session: Session,
  locks: readonly Lock[],
  modesFor: (mode: LockMode) => readonly string[],
): Promise<readonly Row[]> => {
  const wanted = locks.map(({ table, mode }) => ({ name: qualified(table), conflicts: modesFor(mode) }));
  return session.query(holders, [JSON.stringify(wanted)]);
};

/**
 * A lock on a table is one on its partitions too. Prepared transactions have no session, and no age that could be seen.
 * Asked before every batch, so it is made to be planned quickly: the server looks the names up, and only those who hold
 * something are looked at, without the view's joins.
 */
const holders = sql`
  with recursive wanted as (
    select pg_catalog.to_regclass(w.name)::pg_catalog.oid as oid, w.conflicts
      from pg_catalog.jsonb_to_recordset($1::jsonb) as w(name text, conflicts text[])
    union
    select i.inhrelid, w.conflicts from wanted w join pg_catalog.pg_inherits i on i.inhparent = w.oid),
  holder as materialized (
    select distinct l.virtualtransaction as id, l.pid
      from wanted w join pg_catalog.pg_locks l on l.relation = w.oid and l.mode = any (w.conflicts)
     where l.granted and l.locktype = 'relation' and l.pid is distinct from pg_catalog.pg_backend_pid()
       and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()))
  select h.id, h.pid, a.application_name, a.backend_type, a.state,
         pg_catalog.floor(extract(epoch from pg_catalog.statement_timestamp() - a.xact_start) * 1000)::bigint as ms
    from holder h left join pg_catalog.pg_stat_get_activity(h.pid) a on a.pid = h.pid
   order by h.pid`;
