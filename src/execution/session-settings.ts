import type { Settings } from '../options';
import { join, literal, sql, type Sql } from '../sql';

/** `set local` for several parameters in one round trip; it ends with the transaction, also behind a pooler. */
export const setLocal = (values: Readonly<Record<string, string>>): Sql =>
  sql`select ${join(
    Object.entries(values).map(([name, value]) => sql`pg_catalog.set_config(${literal(name)}, ${literal(value)}, true)`),
    ', ',
  )}`;

/**
 * What every writing transaction starts with. `row_security = off` turns a policy that would hide rows into an
 * error; the idle timeout keeps a stopped process from holding locks; every name in our SQL is qualified, so the
 * search_path holds nothing that could replace an operator.
 */
export const writing = ({ lockTimeout, statementTimeout }: Pick<Settings, 'lockTimeout' | 'statementTimeout'>): Sql =>
  setLocal({
    lock_timeout: `${lockTimeout}`,
    statement_timeout: `${statementTimeout}`,
    idle_in_transaction_session_timeout: '60000',
    row_security: 'off',
    search_path: 'pg_catalog, pg_temp',
    application_name: 'fk-guard',
  });

/** What a reading transaction starts with beside its guards: the role's own time limits were made for the application. */
export const reading = ({ statementTimeout }: Pick<Settings, 'statementTimeout'>): Sql =>
  setLocal({ statement_timeout: `${statementTimeout}`, idle_in_transaction_session_timeout: '60000' });

/** Pins every setting that the writing or the reading of a value's text form depends on, so that what is copied comes back exactly. */
export const exactTextForms: Sql = setLocal({
  datestyle: 'ISO, YMD',
  intervalstyle: 'postgres',
  extra_float_digits: '3',
  timezone: 'UTC',
  lc_monetary: 'C',
  bytea_output: 'hex',
  array_nulls: 'on',
  xmloption: 'content',
  quote_all_identifiers: 'off',
});
