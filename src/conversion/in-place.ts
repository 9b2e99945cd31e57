import { readServer } from '../catalog/server';
import type { Change } from '../changes/change';
import { inPlace } from '../changes/conversion-statement';
import { readOnly } from '../execution/look';
import { applicationSearchPath, setLocal } from '../execution/session-settings';
import { stepTransaction } from '../execution/step-transaction';
import type { Work } from '../execution/work';
import { assertCastable, copyChanged, newValue } from './converted';
import { assertUnchanged } from './unchanged';

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
  const { searchPath } = await readOnly(session, work, [], () => readServer(session));
  const { lock, prepare, alter, after } = inPlace(conversion);
  const locks = [{ table: conversion.table, mode: 'ACCESS EXCLUSIVE' }] as const;
  return stepTransaction(work, locks, async () => {
    await session.query(lock);
    await assertUnchanged(session, conversion);
    await session.query(applicationSearchPath(searchPath));
    for (const statement of prepare) await session.query(statement);
    await session.query(setLocal({ search_path: 'pg_catalog, pg_temp' }));
    await assertCastable(session, conversion);
    const copied = settings.quarantine.keepRows
      ? await copyChanged(work, conversion, newValue(conversion))
      : 0;
    work.pace.assertFits(copied, work.step.title);
    for (const statement of [alter, ...after]) await session.query(statement);
    await record();
    return copied;
  });
}
