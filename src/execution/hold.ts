import { stat } from 'node:fs/promises';
import { catalogSearchPath, sessionGuards } from '../catalog/session-guards';
import { flag } from '../catalog/row';
import type { Session } from '../db';
import { FkGuardError, wireError } from '../errors';
import { tableId } from '../names';
import type { Settings } from '../options';
import type { TableName } from '../schema';
import { qualified, sql } from '../sql';
import { readOnly, type Look } from './look';
import { replayLag } from './replay-lag';
import { setLocal } from './session-settings';

/** What keeps a run waiting, and why, for people. */
export interface Hold {
  readonly reason: 'sentinel' | 'lag';
  readonly why: string;
}

/** Looks whether the run has to wait now. Throws `OPTIONS` or `PRIVILEGE` when that cannot be told: it never goes on unasked. */
export async function holdOf(session: Session, look: Look): Promise<Hold | undefined> {
  const { sentinel, maxLag } = look.settings;
  if (sentinel?.file !== undefined && (await exists(sentinel.file)))
    return { reason: 'sentinel', why: `the file ${sentinel.file} exists` };
  const { table } = sentinel ?? {};
  if (table === undefined && maxLag === undefined) return undefined;
  return readOnly(session, look, [...sessionGuards, catalogSearchPath, shortly(look.settings)], async () => {
    const lag = maxLag === undefined ? undefined : await lagHold(session, maxLag);
    return lag ?? (table && (await tableHold(session, table)));
  });
}

/** Nobody knows who has locked the table of the sentinel, or for how long. */
const shortly = ({ lockTimeout }: Settings) => setLocal({ lock_timeout: `${lockTimeout}` });

async function lagHold(session: Session, maxLag: number): Promise<Hold | undefined> {
  const { standby, ms } = await replayLag(session);
  return ms > maxLag
    ? { reason: 'lag', why: `the standby ${standby} is ${ms} ms behind, and maxLag is ${maxLag} ms` }
    : undefined;
}

async function tableHold(session: Session, table: TableName): Promise<Hold | undefined> {
  const name = tableId(table);
  try {
    const [row] = await session.query(sql`select exists (select from ${qualified(table)}) as held`);
    return flag(row, 'held') ? { reason: 'sentinel', why: `the table ${name} has a row` } : undefined;
  } catch (error) {
    const { code } = wireError(error);
    if (code === '55P03') return { reason: 'sentinel', why: `the table ${name} is locked` };
    if (code === '42501') throw unreadable(name, error);
    // undefined_table, invalid_schema_name, wrong_object_type (manual, appendix A).
    if (code === '42P01' || code === '3F000' || code === '42809') throw noTable(name, error);
    throw error;
  }
}

/** A file that nobody can see (EACCES) may be there: that is not for the guard to guess. */
const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    (error: unknown) => {
      const { code } = wireError(error);
      if (code === 'ENOENT' || code === 'ENOTDIR') return false;
      throw new FkGuardError(
        'OPTIONS',
        `"sentinel.file": ${file} cannot be looked at (${code}).`,
        'Let the process see it, or name another file. The run does not go on without it.',
        error,
      );
    },
  );

const noTable = (name: string, cause: unknown): FkGuardError =>
  new FkGuardError(
    'OPTIONS',
    `"sentinel.table" names ${name}, and there is no such table.`,
    'Create it, or correct its name. The run does not go on without it.',
    cause,
  );

const unreadable = (name: string, cause: unknown): FkGuardError =>
  new FkGuardError(
    'PRIVILEGE',
    `"sentinel.table": this role may not read all rows of ${name}.`,
    'Grant USAGE on its schema and SELECT on the table. The run does not go on without it.',
    cause,
  );
