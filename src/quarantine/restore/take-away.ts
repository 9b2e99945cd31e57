import { readColumnNow } from '../../catalog/column-now';
import { count } from '../../catalog/row';
import { uncastable } from '../../changes/cast-statement';
import type { Conversion } from '../../changes/conversion';
import {
  conversionBack,
  convertBackStatements,
  takeAwayStatements,
  takeOutStatements,
} from '../../changes/way-back-statement';
import { counted } from '../../counted';
import { FkGuardError, wireError } from '../../errors';
import { tableId } from '../../names';
import { identifier, qualified, sql } from '../../sql';
import { readKeysOut, rememberKeysOut } from './keys-out';
import type { SchemaUndo } from './schema-undo';
import type { RestoreTask } from './task';
import { restoring } from './transactions';

/**
 * Takes back what the run has done to the schema and what would keep its rows out, in one transaction: all of it or
 * nothing. Which keys are to come back stands in the ledger from that moment on.
 */
export async function takeAway(task: RestoreTask, undo: SchemaUndo): Promise<void> {
  const { session, ledger } = task;
  const latestFirst = [...undo.steps].reverse();
  const keys = [
    ...latestFirst.flatMap(({ change }) => takeAwayStatements(change)),
    ...undo.inTheWay.flatMap(takeOutStatements),
  ];
  const locks = keys.flatMap((statement) => statement.locks);
  await restoring(task, locks, async () => {
    for (const statement of keys) await session.query(statement.sql);
    for (const { change } of latestFirst) {
      const back = conversionBack(change);
      if (back) await convertBack(task, back);
    }
    await rememberKeysOut(task, [...(await readKeysOut(task)), ...undo.comeBack]);
    for (const { runId, id } of undo.steps)
      await session.query(
        sql`update ${ledger}.step s set undone_at = pg_catalog.clock_timestamp() where s.run_id::text = $1 and s.id = $2`,
        [runId, id],
      );
  }).catch((error: unknown) => {
    throw isRefusal(error) ? moved([wireError(error).message], error) : error;
  });
}

/** A syntax error or a broken rule (class 42), what others need (2BP01), what is not supported (0A000). */
const isRefusal = (error: unknown): boolean => {
  const { code = '' } = wireError(error);
  return !(error instanceof FkGuardError) && /^(42|2B|0A|23)/.test(code) && code !== '42501';
};

/** The schema is no longer as the run has left it, so nothing of it is undone. */
export const moved = (what: readonly string[], cause?: unknown): FkGuardError =>
  new FkGuardError(
    'SCHEMA_MOVED',
    `The schema cannot go back to what it was before the run: ${what.join('; ')}. Nothing was changed.`,
    'Take the keys away by hand and restore without the schema.',
    cause,
  );

/** Under the lock: every value has to have a place in the old type, and the table must not be too large to be written anew. */
async function convertBack({ session, settings }: RestoreTask, back: Conversion): Promise<void> {
  const { table, cast } = back;
  await session.query(sql`lock table ${qualified(table)} in access exclusive mode`);
  const { type } = await readColumnNow(session, table, cast.column);
  if (type !== cast.from)
    throw moved([
      `the column ${cast.column} of ${tableId(table)} is ${type ?? 'gone'} and no longer ${cast.from}`,
    ]);
  const [found] = await session.query(
    sql`select pg_catalog.count(*) as rows, pg_catalog.count(*) filter (where ${uncastable(identifier(cast.column), cast)}) as lost from ${qualified(table)}`,
  );
  const lost = count(found, 'lost');
  if (lost > 0)
    throw moved([
      `${counted(lost, 'row')} of ${tableId(table)} ${lost === 1 ? 'has' : 'have'} a value of ${cast.column} that is no ${cast.to}`,
    ]);
  const rows = count(found, 'rows');
  if (rows > settings.limits.rewriteRows)
    throw new FkGuardError(
      'LIMIT',
      `${tableId(table)} has ${counted(rows, 'row')}, and would be locked while ${cast.column} is written anew as ${cast.to}. Nothing was changed.`,
      'Raise limits: { rewriteRows } for the time of the restore, when nobody needs the table.',
    );
  for (const statement of convertBackStatements(back)) await session.query(statement.sql);
}
