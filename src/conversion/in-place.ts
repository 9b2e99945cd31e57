import { readServer } from '../catalog/server';
import type { Change } from '../changes/change';
import { statementsOf } from '../changes/statement';
import { transaction } from '../db';
import { applicationSearchPath, reading, setLocal } from '../execution/session-settings';
import { stepTransaction } from '../execution/step-transaction';
import type { Work } from '../execution/work';
import { assertCastable, assertType, copyChanged, newValue } from './converted';

type InPlace = Extract<Change, { readonly op: 'convert-column' }>;

/**
 * Converts a column in one transaction: under the lock it is made sure that every value has a place in the new type,
 * the values that change their form are copied, and only then is the table written anew. Returns the number of copies.
 */
export async function convertInPlace(
  work: Work,
  change: InPlace,
  record: () => Promise<void>,
): Promise<number> {
  const { session, settings } = work;
  const { conversion } = change;
  const { searchPath } = await transaction(session, 'read only', [reading(settings)], () =>
    readServer(session),
  );
  const [lock, ...rest] = statementsOf(change);
  const [alter, ...after] = rest.splice(conversion.remap ? -2 : -1);
  return stepTransaction(work, lock?.locks ?? [], async () => {
    if (lock) await session.query(lock.sql);
    await assertType(session, conversion);
    await session.query(applicationSearchPath(searchPath));
    for (const statement of rest) await session.query(statement.sql);
    await session.query(setLocal({ search_path: 'pg_catalog, pg_temp' }));
    await assertCastable(session, conversion);
    const copied = settings.quarantine.keepRows
      ? await copyChanged(work, conversion, newValue(conversion))
      : 0;
    for (const statement of [alter, ...after]) if (statement) await session.query(statement.sql);
    await record();
    return copied;
  });
}
