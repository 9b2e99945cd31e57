import { wireError } from '../../errors';
import type { TransactionLike, WritableSequelize } from '../../model/writable-model';
import { sql, type Sql } from '../../sql';

const SET = sql`savepoint fk_guard_values`;
const RELEASE = sql`release savepoint fk_guard_values`;
const BACK = sql`rollback to savepoint fk_guard_values`;

/**
 * Runs `work`, which may send statements of its own in a transaction that has to go on whatever becomes of them.
 *
 * It is only rolled back when one of them has failed: then the server refuses the release (25P02). Rolling back whenever
 * `work` throws would take along what others have written meanwhile in the same transaction. All savepoints have one
 * name, so that calls side by side may release each other's: the name means the latest, and there are as many.
 */
export async function withinSavepoint<T>(
  sequelize: WritableSequelize,
  transaction: TransactionLike,
  work: () => Promise<T>,
): Promise<T> {
  const send = (text: Sql) => sequelize.query(text, { transaction, raw: true });
  await send(SET);
  try {
    return await work();
  } finally {
    await send(RELEASE).catch(async (error: unknown) => {
      // in_failed_sql_transaction (manual, appendix A).
      if (wireError(error).code !== '25P02') throw error;
      await send(BACK);
    });
  }
}
