import { text } from '../catalog/row';
import type { Row } from '../db';
import { FkGuardError } from '../errors';
import { literal, sql } from '../sql';

/** Throws where a session's settings, which only a superuser can have made, take keys or rows away from it. */
export function assertSound(row: Row | undefined): void {
  if (text(row, 'role') !== 'origin') throw noKeys();
  if (text(row, 'lossy') !== '') throw lossy(text(row, 'lossy'));
}

// Pages that are damaged are read as empty (manual, 19.17): the rows of their parents would be gone without an error.
export const soundness = sql`
  select pg_catalog.current_setting('session_replication_role') as role,
    pg_catalog.concat_ws(', ', ${isOn('zero_damaged_pages')}, ${isOn('ignore_checksum_failure')}) as lossy`;

function isOn(name: 'zero_damaged_pages' | 'ignore_checksum_failure') {
  const parameter = literal(name);
  return sql`case when pg_catalog.current_setting(${parameter}) = 'on' then ${parameter} end`;
}

/** Keys do not act in this session. */
const noKeys = (): FkGuardError =>
  new FkGuardError(
    'PRIVILEGE',
    'session_replication_role is not origin, so no foreign key acts in this session.',
    'Connect with a role whose session_replication_role is origin.',
  );

const lossy = (names: string): FkGuardError =>
  new FkGuardError(
    'PRIVILEGE',
    `${names} is on, so damaged rows look as if they were not there.`,
    'Mend what is damaged first, and connect with a role for which it is off.',
  );
