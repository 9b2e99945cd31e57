import type { Row } from '../db';

/** `pid 4711 (app, idle in transaction, for 12 s)`; never their SQL, which may hold data. */
export function labelOf(row: Row): string {
  if (!row['pid']) return 'a prepared transaction (pg_prepared_xacts)';
  const { application_name: application, backend_type: type, state, ms } = row;
  const name = application === '' ? (type === 'client backend' ? '' : type) : application;
  const seconds = ms ? `for ${Math.round(Number(ms) / 1000)} s` : '';
  const known = [name, state, seconds].filter(Boolean).join(', ');
  return `pid ${row['pid']}${known && ` (${known})`}`;
}
