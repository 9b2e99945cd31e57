import { text } from '../catalog/row';
import type { Session } from '../db';
import { sql } from '../sql';

/** A digest of everything that decides what a delete does. */
export async function readFingerprint(session: Session): Promise<string> {
  const [row] = await session.query(fingerprint);
  return text(row, 'digest');
}

export const fingerprint = sql`
  select pg_catalog.md5(pg_catalog.concat_ws('|',
    (select pg_catalog.string_agg(pg_catalog.concat_ws(',', c.oid, c.conrelid, c.confrelid, c.conkey, c.confkey, c.confdeltype), ';' order by c.oid)
       from pg_catalog.pg_constraint c where c.contype = 'f'),
    (select pg_catalog.string_agg(pg_catalog.concat_ws(',', t.oid, t.tgrelid, t.tgtype, t.tgenabled), ';' order by t.oid) from pg_catalog.pg_trigger t),
    (select pg_catalog.string_agg(pg_catalog.concat_ws(',', r.oid, r.ev_enabled), ';' order by r.oid) from pg_catalog.pg_rewrite r where r.ev_type <> '1'),
    (select pg_catalog.string_agg(s.srrelid::pg_catalog.text, ',' order by s.srrelid) from pg_catalog.pg_subscription_rel s))) as digest`;
