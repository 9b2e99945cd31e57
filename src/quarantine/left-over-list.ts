import { flag } from '../catalog/row';
import { transaction, type Session } from '../db';
import type { Ledger } from '../execution/ledger';
import { hasStepLock } from '../execution/step-lock';
import { writing } from '../execution/session-settings';
import type { Settings } from '../options';
import { literal, sql } from '../sql';
import { dropList, list } from './list';

/**
 * Takes away the list of a clean-up that has stopped, or of a run that died after its last batch and so left nothing to
 * clean. It is in nobody's way: where it cannot be had now, a later run tries again.
 */
export async function dropLeftOverList(
  session: Session,
  { schema }: Pick<Ledger, 'schema'>,
  settings: Settings,
): Promise<void> {
  const [row] = await session.query(
    sql`select pg_catalog.to_regclass(${literal(list(schema))}) is not null as there`,
  );
  if (!flag(row, 'there')) return;
  await transaction(session, 'read write', [writing(settings)], async () => {
    // Without the lock somebody else may be at work by it.
    if (await hasStepLock(session)) await session.query(dropList(schema));
  }).catch(() => undefined);
}
