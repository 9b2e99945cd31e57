import { readColumnNow, type ColumnNow } from '../catalog/column-now';
import { readShadowFacts } from '../catalog/shadow-facts';
import type { Change } from '../changes/change';
import type { Conversion } from '../changes/conversion';
import type { Session } from '../db';
import { FkGuardError } from '../errors';
import { tableId } from '../names';
import { followOf } from '../repair/beside';

/** Looks under the lock whether a column is still what its conversion was planned for; throws `PLAN_STALE` when not. */
export async function assertUnchanged(session: Session, conversion: Conversion): Promise<ColumnNow> {
  const { table, cast } = conversion;
  const now = await readColumnNow(session, table, cast.column);
  if (now.type !== cast.from) throw stale(conversion, `is ${now.type ?? 'gone'} and no longer ${cast.from}`);
  if (now.default !== conversion.default?.written)
    throw stale(
      conversion,
      `has ${now.default === undefined ? 'no default any more' : `the default ${now.default}`}`,
    );
  return now;
}

/** The same before a shadow takes the column's place: what has come to the column meanwhile would go with it. */
export async function assertFollowed(
  session: Session,
  { conversion, follow }: Extract<Change, { readonly op: 'swap-shadow-column' }>,
): Promise<void> {
  const { users } = await assertUnchanged(session, conversion);
  const facts = await readShadowFacts(session, conversion.table, conversion.cast);
  const [more] = [...users, ...facts.obstacles];
  if (more !== undefined) throw stale(conversion, `is used by ${more}`);
  if (!facts.exists) throw stale(conversion, 'has no second column any more');
  if (JSON.stringify(followOf(facts)) !== JSON.stringify(follow))
    throw stale(conversion, 'has other indexes, privileges, NOT NULL or comment');
}

const stale = ({ table, cast }: Conversion, what: string): FkGuardError =>
  new FkGuardError(
    'PLAN_STALE',
    `Somebody has changed ${tableId(table)} meanwhile: ${cast.column} ${what}.`,
    'Run again; the column is as it was.',
  );
