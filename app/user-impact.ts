import type { Impact } from 'sequelize-fk-guard';
import type { Library } from './database';

/** What deleting one user would do. */
export interface UserImpact {
  /** The database would refuse when it is `blocked`. */
  readonly verdict: Impact['verdict'];
  readonly touched: readonly Touched[];
}

/** What happens to the rows of one model. */
export interface Touched {
  readonly model: string;
  readonly rowsDeleted: number;
  /** Rows that stay and forget the user. */
  readonly rowsChanged: number;
}

/** By the keys that the database has now. Undefined when there is no such user. */
export async function impactOfDelete({ guard }: Library, id: number): Promise<UserImpact | undefined> {
  const { found, verdict, tables } = await guard.impact('User', id);
  if (!found) return undefined;
  return {
    verdict,
    touched: tables.map(({ model, table, rowsDeleted, rowsChanged }) => ({
      model: model ?? table,
      rowsDeleted,
      rowsChanged,
    })),
  };
}
