import { isShadowName } from '../names';
import { isStripped } from './references';
import { replaceMethod } from './replace-method';
import type { AttributeLike, QueryInterfaceLike } from './sequelize-like';

/**
 * Keeps `sync({ alter: true })` away from the keys and types of columns whose `references` are stripped, and from the
 * columns that the guard has put beside them; returns how to end that. NOT NULL is set where the model asks for it, as Sequelize does for every other column.
 *
 * Sequelize would take such a column for a plain one and send `alter column … type …`: PostgreSQL then makes its
 * foreign keys anew under ACCESS EXCLUSIVE locks, rounds `numeric` to `integer`, and Sequelize drops its NOT NULL.
 * A column is known by its attribute object, the one that `Model.sync()` passes on: it is the same for every
 * spelling of the table's name, and a migration that calls `changeColumn` meanwhile is not touched.
 */
export function guardColumns(queryInterface: QueryInterfaceLike): () => void {
  const restoreRemove = replaceMethod(
    queryInterface,
    'removeColumn',
    (original) =>
      function (this: QueryInterfaceLike, table, column, ...rest) {
        // No model has it: it is to take the place of a column whose conversion was interrupted, and goes on.
        return isShadowName(column) ? Promise.resolve() : original.call(this, table, column, ...rest);
      },
  );
  const restoreChange = replaceMethod(
    queryInterface,
    'changeColumn',
    (original) =>
      function (this: QueryInterfaceLike, table, column, ...rest) {
        const [attribute, options] = rest;
        if (!isStripped(attribute)) return original.call(this, table, column, ...rest);
        if ((attribute as AttributeLike).allowNull !== false) return Promise.resolve();
        const { queryGenerator } = this;
        const place = `${queryGenerator.quoteTable(table)} alter column ${queryGenerator.quoteIdentifier(column)}`;
        return this.sequelize.query(`alter table ${place} set not null`, options);
      },
  );
  return () => {
    restoreChange();
    restoreRemove();
  };
}
