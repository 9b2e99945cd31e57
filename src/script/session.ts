import { exactTextForms, exactTextFormsOfSession, writing } from '../execution/session-settings';
import { createLedger } from '../execution/ledger-schema';
import { lastUnfinished } from '../execution/unfinished';
import { holdsRun } from '../execution/restrict-run';
import { block, identifier, integer, join, literal, sql, type Sql } from '../sql';
import { raiseIf } from './block';
import type { ScriptSettings } from './settings';

/** What the session is set to; of one process only, so that a pooler in transaction mode is no place for it. */
export const sessionSettings = ({ lockTimeoutMs }: ScriptSettings): readonly Sql[] => [
  sql`set client_encoding = 'UTF8'`,
  sql`set standard_conforming_strings = on`,
  sql`set lock_timeout = ${integer(lockTimeoutMs)}`,
  sql`set statement_timeout = 0`,
  sql`set idle_in_transaction_session_timeout = 60000`,
  sql`set default_transaction_isolation = 'read committed'`,
  sql`set row_security = off`,
  sql`set search_path = pg_catalog, pg_temp`,
  sql`set application_name = 'fk-guard'`,
  exactTextFormsOfSession,
];

/** Nothing is done in another database, beside a guard that is at work, or in a session that sees no keys. */
export const assertPlace = (database: string): Sql =>
  block(
    sql`begin\n  ${join(
      [
        raiseIf(
          sql`pg_catalog.current_database() operator(pg_catalog.<>) ${literal(database)}`,
          `This script is for the database ${database}.`,
        ),
        raiseIf(sql`pg_catalog.pg_is_in_recovery()`, 'This server is a standby.'),
        raiseIf(
          sql`not pg_catalog.pg_try_advisory_lock(6712167, 1) or not pg_catalog.pg_try_advisory_lock(6712167, 2)`,
          'A guard is at work on this database.',
        ),
        assertSession,
      ],
      '\n',
    )}\nend`,
  );

/**
 * What every transaction of a block begins with, whatever the session was set to: behind a pooler it may be another one,
 * and a tool that goes on after an error would come here as well.
 */
export const begin = ({ schema, runId, lockTimeoutMs }: ScriptSettings): Sql =>
  join(
    [
      sql`execute ${literal(writing({ lockTimeout: lockTimeoutMs, statementTimeout: 0 }))};`,
      sql`execute ${literal(exactTextForms)};`,
      raiseIf(
        sql`not exists (select from pg_catalog.pg_locks l where l.locktype = 'advisory' and l.pid = pg_catalog.pg_backend_pid()
          and l.granted and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
          and l.classid = 6712167 and l.objid = 1)
          or not exists (select from ${identifier(schema)}.run r where r.id = ${literal(runId)} and r.status = 'running')
          or not ${holdsRun(identifier(schema), runId)}`,
        'This is not the session in which the script began, or it has ended.',
      ),
      raiseIf(
        sql`pg_catalog.current_setting('transaction_isolation') <> 'read committed'`,
        'This transaction would not see parents that come in while it waits.',
      ),
      assertSession,
    ],
    '\n',
  );

/** Settings that only a superuser can have made, under which keys do not act or damaged rows look as if they were not there. */
const assertSession: Sql = raiseIf(
  sql`pg_catalog.current_setting('session_replication_role') operator(pg_catalog.<>) 'origin' or pg_catalog.current_setting('zero_damaged_pages')::pg_catalog.bool or pg_catalog.current_setting('ignore_checksum_failure')::pg_catalog.bool`,
  'This session checks no keys, or reads damaged pages as empty.',
);

/** The guard's tables and a run in them, as fk-guard apply makes them: restore, status and undo know this run as any other. */
export function openRun({ schema, runId }: ScriptSettings): readonly Sql[] {
  const ledger = identifier(schema);
  const [, ...tables] = createLedger(schema, false);
  return [
    block(
      sql`begin\n  if pg_catalog.to_regnamespace(${literal(ledger)}) is null then create schema ${ledger}; end if;\nend`,
    ),
    ...tables,
    sql`update ${ledger}.run set status = 'interrupted', finished_at = pg_catalog.now() where status = 'running'`,
    sql`insert into ${ledger}.run (id, origin, resumes) values (${literal(runId)}, 'psql', ${lastUnfinished(ledger)})`,
  ];
}

/** What the run came to, as the guard writes it. */
export function closeRun({ schema, runId }: ScriptSettings, refused: boolean): Sql {
  const ledger = identifier(schema);
  const taken = (action: Sql): Sql =>
    sql`(select pg_catalog.count(*) from ${ledger}.quarantine q where q.run_id = ${literal(runId)} and q.action = ${action} and q.level = 0)`;
  return sql`update ${ledger}.run set status = ${literal(refused ? 'refused' : 'repaired')}, finished_at = pg_catalog.now(),
       figures = figures || pg_catalog.jsonb_build_object('deleted', ${taken(sql`'delete'`)}, 'nullified', ${taken(sql`'change'`)},
                   'quarantined', (select pg_catalog.count(*) from ${ledger}.quarantine q where q.run_id = ${literal(runId)}))
 where id = ${literal(runId)}`;
}

/** Other guards may go on although the session stays. */
export const giveBack: Sql = sql`select pg_catalog.pg_advisory_unlock(6712167, 1), pg_catalog.pg_advisory_unlock(6712167, 2)`;
