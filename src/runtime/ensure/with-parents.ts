import { wireError } from '../../errors';
import type { CreatedParent, EnsureOptions } from './ensure-options';
import { insertOrder } from './insert-order';
import { makeParents } from './make-parents';
import { missingParents, type Found } from './missing-parents';
import { neededParents } from './parent-needs';
import { withinSavepoint } from './savepoint';
import {
  transactionOf,
  type TransactionLike,
  type Values,
  type WritableModel,
} from '../../model/writable-model';

/** The options that go on to Sequelize, with the transaction that everything is written in. */
export type WriteOptions = Values & { readonly transaction: TransactionLike | null };

/** Sequelize's options that are about statements, and not about what is written. */
const ABOUT_STATEMENTS = ['logging', 'benchmark', 'searchPath'];

/**
 * Of our own transaction: under a stricter level the one who comes second would fail over the parent that it did not
 * see when it began (40001), instead of going on.
 */
const OWN = { isolationLevel: 'READ COMMITTED' };

/**
 * Looks for the parents of some rows, makes those that are missing, and runs `write` in the same transaction: the
 * caller's, CLS's, or one of its own. Where nothing is missing, none is begun.
 */
export async function withParents<T>(
  model: WritableModel,
  rows: readonly Values[],
  { ensure, known, transaction, ...rest }: EnsureOptions,
  write: (options: WriteOptions) => Promise<T>,
): Promise<{ readonly written: T; readonly created: readonly CreatedParent[] }> {
  const needsOf = neededParents(model, ensure);
  const { sequelize } = model;
  const inUse = transactionOf(sequelize, transaction);
  const queryOptions = Object.fromEntries(
    Object.entries(rest).filter(([name]) => ABOUT_STATEMENTS.includes(name)),
  );
  // As they are written: with the models' defaults, and through their setters.
  const built = rows.map((values) => model.build(values).dataValues);
  const found = await missingParents(model, built, {
    needsOf,
    ...(known && { known }),
    queryOptions,
    transactionInUse: inUse,
    ask: (work) => (inUse ? withinSavepoint(sequelize, inUse, work) : work()),
  });
  const writeAll = async (within: TransactionLike | undefined) => {
    const created = within
      ? await makeParents(insertOrder(found), { queryOptions, transaction: within })
      : [];
    return { created, written: await write({ ...rest, transaction: within ?? null }) };
  };
  return remembering(known, found, inUse, () =>
    inUse || found.missing.length === 0 ? writeAll(inUse) : sequelize.transaction(OWN, writeAll),
  );
}

async function remembering<T>(
  known: EnsureOptions['known'],
  { referred }: Found,
  inUse: TransactionLike | undefined,
  write: () => Promise<T>,
): Promise<T> {
  try {
    const result = await write();
    if (known) whenCommitted(inUse, () => referred.forEach((id) => known.add(id)));
    return result;
  } catch (error) {
    // foreign_key_violation (manual, appendix A): one of them has been deleted since it was seen.
    if (wireError(error).code === '23503') referred.forEach((id) => known?.delete(id));
    throw error;
  }
}

/** What is written within a savepoint is there when each transaction around it is committed, and not before. */
function whenCommitted(transaction: TransactionLike | undefined, work: () => void): void {
  if (transaction) transaction.afterCommit(() => whenCommitted(transaction.parent, work));
  else work();
}
