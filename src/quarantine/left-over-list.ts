import { flag } from '../catalog/row';
import type { Run } from '../apply';
import { asOnlyWriter } from '../execution/step-lock';
import { writing } from '../execution/session-settings';
import { literal, sql } from '../sql';
import { dropList, list } from './list';

/**
 * Takes away the list of a clean-up that has stopped, or of a run that died after its last batch and so left nothing to
 * clean. It is in nobody's way: where it cannot be had now, a later run tries again.
 */
export async function dropLeftOverList({ session, ledger, runner, settings }: Run): Promise<void> {
  const { schema } = ledger;
  const [row] = await session.query(
    sql`select pg_catalog.to_regclass(${literal(list(schema))}) is not null as there`,
  );
  if (!flag(row, 'there')) return;
  // Without its locks somebody else may be at work by it.
  await asOnlyWriter(session, runner, [writing(settings)], () => session.query(dropList(schema))).catch(
    () => undefined,
  );
}
