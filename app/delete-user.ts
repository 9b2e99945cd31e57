import { isDeepStrictEqual } from 'node:util';
import type { Library } from './database';
import { impactOfDelete, type Touched } from './user-impact';

/** `changed`: something else would have gone than what was shown, so nothing has. */
export type Deleted = 'deleted' | 'changed' | 'no such user';

/**
 * Deletes a user, and what goes along: that is the database's work, by its keys. Where somebody has been shown beforehand
 * what goes, it is that or nothing.
 */
export function deleteUser(library: Library, id: number, shown?: readonly Touched[]): Promise<Deleted> {
  const { sequelize, models } = library;
  return sequelize.transaction(async (transaction) => {
    // No row can begin to point at one that is locked so: what is counted from here on is what goes.
    const locked = { lock: transaction.LOCK.UPDATE, transaction };
    const user = await models.User.findByPk(id, locked);
    if (!user) return 'no such user';
    if (shown) {
      await models.Checkout.findAll({ ...locked, where: { userId: id }, order: ['id'] });
      const impact = await impactOfDelete(library, id);
      if (!isDeepStrictEqual(impact?.touched, shown)) return 'changed';
    }
    await user.destroy({ transaction });
    return 'deleted';
  });
}
