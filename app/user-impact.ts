import type { Connection } from './database';

/** What happens to the rows of one model when a user is deleted. */
export interface Touched {
  readonly model: string;
  readonly rowsDeleted: number;
  /** Rows that stay and forget the user. */
  readonly rowsChanged: number;
}

/** What deleting one user would do. */
export interface UserImpact {
  /** The database would refuse when it is `blocked`. */
  readonly verdict: 'deletes' | 'blocked' | 'unknown';
  readonly touched: readonly Touched[];
}

/** Undefined when there is no such user. */
export async function impactOfDelete(
  { models: { Checkout, Fine, Review, User } }: Connection,
  id: number,
): Promise<UserImpact | undefined> {
  if (!(await User.findByPk(id))) return undefined;
  const checkouts = await Checkout.findAll({ where: { userId: id }, attributes: ['id'] });
  const fines = await Fine.count({ where: { checkoutId: checkouts.map((checkout) => checkout.id) } });
  const reviews = await Review.count({ where: { userId: id } });
  return {
    verdict: 'deletes',
    touched: [
      { model: 'User', rowsDeleted: 1, rowsChanged: 0 },
      { model: 'Checkout', rowsDeleted: checkouts.length, rowsChanged: 0 },
      { model: 'Fine', rowsDeleted: fines, rowsChanged: 0 },
      { model: 'Review', rowsDeleted: 0, rowsChanged: reviews },
    ].filter(({ rowsDeleted, rowsChanged }) => rowsDeleted + rowsChanged > 0),
  };
}
