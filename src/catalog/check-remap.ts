import type { Remap } from '../changes/conversion';
import { checkRemap } from '../changes/remap-statement';
import type { Session } from '../db';
import { FkGuardError, wireError } from '../errors';
import type { MismatchedColumn } from '../mismatch';
import type { TableName } from '../schema';
import { identifier } from '../sql';
import { count, json } from './row';

const SHOWN = 3;

/** Throws `OPTIONS` when a user's translation does not run, or says something that cannot be. */
export async function assertRemap(
  session: Session,
  relation: string,
  remap: Remap,
  parent: TableName,
  { cast, parentColumn }: MismatchedColumn,
): Promise<void> {
  const where = `relations['${relation}'].remap.using`;
  const query = checkRemap(remap, parent, identifier(parentColumn), cast.to);
  // With a parameter the server takes one statement only, whatever stands in the text.
  const [row] = await session.query(query, [SHOWN]).catch((error: unknown) => {
    const { code, message } = wireError(error);
    // A lost connection is not the query's fault.
    if (error instanceof FkGuardError) throw error;
    throw wrong(where, `fails: ${message} (${code})`, error);
  });
  const doubled = json<string[]>(row, 'doubled');
  const unknown = json<string[]>(row, 'unknown');
  if (count(row, 'nameless') > 0) throw wrong(where, 'gives a row whose old value is null');
  if (doubled.length > 0)
    throw wrong(where, `gives more than one row for the same old value: ${doubled.join(', ')}`);
  if (unknown.length > 0)
    throw wrong(where, `gives keys that the parent does not have: ${unknown.join(', ')}`);
}

const wrong = (where: string, what: string, cause?: unknown): FkGuardError =>
  new FkGuardError(
    'OPTIONS',
    `"${where}" ${what}.`,
    'It must be one query with two columns: each old value once, and the key of a parent that takes its place. Nothing was written.',
    cause,
  );
