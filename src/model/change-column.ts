import { isStripped } from './references';
import { replaceMethod } from './replace-method';
import type { QueryInterfaceLike } from './sequelize-like';

/**
 * Keeps `sync({ alter: true })` away from columns whose `references` are stripped; returns how to end that.
 *
 * Sequelize would take such a column for a plain one and send `alter column … type …`: PostgreSQL then makes its
 * foreign keys anew under ACCESS EXCLUSIVE locks, rounds `numeric` to `integer`, and Sequelize drops its NOT NULL.
 * A column is known by its attribute object, the one that `Model.sync()` passes on: it is the same for every
 * spelling of the table's name, and a migration that calls `changeColumn` meanwhile is not touched.
 */
export function guardColumns(queryInterface: QueryInterfaceLike): () => void {
  return replaceMethod(
    queryInterface,
    'changeColumn',
    (original) =>
      function (this: QueryInterfaceLike, table, column, ...rest) {
        return isStripped(rest[0]) ? Promise.resolve() : original.call(this, table, column, ...rest);
      },
  );
}
