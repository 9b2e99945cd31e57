import type { Settings } from '../options';
import { join, literal, sql, type Sql } from '../sql';
import type { Look } from './look';
import { within } from './time-left';

/** `set local` for several parameters in one round trip; it ends with the transaction, also behind a pooler. */
export const setLocal = (values: Readonly<Record<string, string>>): Sql => set(values, sql`true`);

/** `set` for the whole session, for the statements that take no transaction. */
export const setSession = (values: Readonly<Record<string, string>>): Sql => set(values, sql`false`);

/** A parameter that this server does not know is left out (`transaction_timeout` is of PostgreSQL 17). */
function set(values: Readonly<Record<string, string>>, local: Sql): Sql {
  const settings = Object.entries(values).map(([name, value]) => {
    const parameter = literal(name);
    return sql`case when pg_catalog.current_setting(${parameter}, true) is not null then pg_catalog.set_config(${parameter}, ${literal(value)}, ${local}) end`;
  });
  return sql`select ${join(settings, ', ')}`;
}

/** The application's own path, for what the user has written. */
export const applicationSearchPath = (schemas: readonly string[]): Sql =>
  setLocal({ search_path: schemas.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ') });

/**
 * What every writing transaction starts with. `row_security = off` turns a policy that would hide rows into an
 * error; the idle timeout keeps a stopped process from holding locks; every name in our SQL is qualified, so the
 * search_path holds nothing that could replace an operator.
 */
export const writing = ({
  lockTimeout,
  statementTimeout,
}: Pick<Settings, 'lockTimeout' | 'statementTimeout'>): Sql =>
  setLocal({
    lock_timeout: `${lockTimeout}`,
    statement_timeout: `${statementTimeout}`,
    idle_in_transaction_session_timeout: '60000',
    transaction_timeout: '0',
    row_security: 'off',
    search_path: 'pg_catalog, pg_temp',
    application_name: 'fk-guard',
  });

/**
 * What a reading transaction starts with beside its guards: the role's own time limits were made for the application.
 * Before a deadline it waits no longer for locks than it may run.
 */
export function reading({ settings, deadline }: Look): Sql {
  const statementTimeout = `${within(settings, deadline).statementTimeout}`;
  return setLocal({
    statement_timeout: statementTimeout,
    ...(Number.isFinite(deadline) && { lock_timeout: statementTimeout }),
    idle_in_transaction_session_timeout: '60000',
    transaction_timeout: '0',
  });
}

/** The same for a statement outside of any transaction, and what has to be reset after it. */
export const outside = ({
  lockBudget,
  statementTimeout,
}: Pick<Settings, 'lockBudget' | 'statementTimeout'>) => ({
  default_transaction_read_only: 'off',
  lock_timeout: `${lockBudget}`,
  statement_timeout: `${statementTimeout}`,
  transaction_timeout: '0',
});

const EXACT = {
  datestyle: 'ISO, YMD',
  intervalstyle: 'postgres',
  extra_float_digits: '3',
  timezone: 'UTC',
  lc_monetary: 'C',
  bytea_output: 'hex',
  array_nulls: 'on',
  xmloption: 'content',
  quote_all_identifiers: 'off',
} as const;

/** Pins every setting that the writing or the reading of a value's text form depends on, so that what is copied comes back exactly. */
export const exactTextForms: Sql = setLocal(EXACT);

/** The same for a session of our own. */
export const exactTextFormsOfSession: Sql = setSession(EXACT);
