import type { Writing } from './make-parents';
import type { MissingParent } from './missing-parents';
import type { InstanceLike } from '../../model/writable-model';

/** What came of an attempt to insert parents. */
export interface Inserted {
  readonly made: readonly InstanceLike[];
  /** Those that have to be looked for, since a row of somebody else's was in the way of some. */
  readonly left: readonly MissingParent[];
}

/** One INSERT for each, with all that `Model.create()` does. */
export async function insertEach(
  parents: readonly MissingParent[],
  { queryOptions, transaction }: Writing,
): Promise<Inserted> {
  const made: InstanceLike[] = [];
  const left: MissingParent[] = [];
  for (const parent of parents) {
    const { instance } = parent;
    await instance.save({ ...queryOptions, transaction, ignoreDuplicates: true }).catch((error: unknown) => {
      // A hook after the insert that looks for a row in vain may throw the same, and must be heard.
      if (!instance.isNewRecord || !isNothingWritten(error)) throw error;
    });
    if (instance.isNewRecord) left.push(parent);
    else made.push(instance);
  }
  return { made, left };
}

/** Sequelize's own word for an insert that gave no row: no error of the server's, and the transaction goes on. */
const isNothingWritten = (error: unknown): boolean =>
  error instanceof Error && error.name === 'SequelizeEmptyResultError';
