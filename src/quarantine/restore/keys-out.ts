import { flag, json } from '../../catalog/row';
import { bringBackStatements, type TableKey } from '../../changes/way-back-statement';
import { FkGuardError, wireError } from '../../errors';
import { tableId } from '../../names';
import type { RestoreOutcome } from '../../quarantine-outcome';
import { sql } from '../../sql';
import { isReason } from './reason';
import type { RestoreTask } from './task';
import { restoring } from './transactions';

/** Keys that could not come back, each with the statement for it and the reason. */
export type KeysOpen = NonNullable<NonNullable<RestoreOutcome['schema']>['open']>;

/** Writes down which keys have to come back, so that a restore that is interrupted goes on with them. */
export async function rememberKeysOut(
  { session, ledger, runId }: RestoreTask,
  keys: readonly TableKey[],
): Promise<void> {
  await session.query(
    sql`update ${ledger}.run r set figures = case when pg_catalog.jsonb_array_length($2::jsonb) = 0 then r.figures - 'keysOut'
             else pg_catalog.jsonb_set(r.figures, '{keysOut}', $2::jsonb) end where r.id::text = $1`,
    [runId, JSON.stringify(keys)],
  );
}

/** The keys that are out for the time of a restore of this run. */
export async function readKeysOut({ session, ledger, runId }: RestoreTask): Promise<readonly TableKey[]> {
  const [row] = await session.query(
    sql`select coalesce(r.figures -> 'keysOut', '[]') as keys from ${ledger}.run r where r.id::text = $1`,
    [runId],
  );
  const keys = json<readonly TableKey[]>(row, 'keys');
  try {
    keys.forEach(bringBackStatements);
    return keys;
  } catch (error) {
    throw new FkGuardError(
      'LEDGER',
      `The keys that the run ${runId} has to bring back cannot be understood.`,
      `They stand in the figures of ${ledger}.run, which may have been edited by hand. Nothing was changed.`,
      error,
    );
  }
}

/** Brings the keys back after the rows, NOT VALID. One that cannot is told, and stays in the ledger for the next time. */
export async function bringKeysBack(task: RestoreTask): Promise<KeysOpen> {
  const keys = await restoring(task, [], () => readKeysOut(task));
  if (keys.length === 0) return [];
  return restoring(
    task,
    keys.map(({ table }) => ({ table, mode: 'SHARE ROW EXCLUSIVE' })),
    async () => {
      const open: (KeysOpen[number] & { readonly key: TableKey })[] = [];
      for (const key of keys) {
        const reason = await bringBack(task, key);
        const statement = bringBackStatements(key).at(-1)?.sql ?? '';
        if (reason !== undefined) open.push({ key, statement, reason });
      }
      await rememberKeysOut(
        task,
        open.map(({ key }) => key),
      );
      return open.map(({ statement, reason }) => ({ statement, reason }));
    },
  );
}

async function bringBack({ session }: RestoreTask, key: TableKey): Promise<string | undefined> {
  const [row] = await session.query(isThere, [key.table.schema, key.table.name, key.key.name]);
  if (flag(row, 'found')) return undefined;
  await session.query(sql`savepoint fk_guard_key`);
  try {
    for (const statement of bringBackStatements(key)) await session.query(statement.sql);
    await session.query(sql`release savepoint fk_guard_key`);
    return undefined;
  } catch (error) {
    if (!isReason(error)) throw error;
    await session.query(sql`rollback to savepoint fk_guard_key`);
    const { code, message } = wireError(error);
    return code === '23503' ? `rows of ${tableId(key.table)} have no parent` : `${message} (${code})`;
  }
}

const isThere = sql`
  select exists (select from pg_catalog.pg_constraint c join pg_catalog.pg_class r on r.oid = c.conrelid
                   join pg_catalog.pg_namespace n on n.oid = r.relnamespace
                  where n.nspname = $1 and r.relname = $2 and c.conname = $3) as found`;
