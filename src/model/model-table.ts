import type { ModelTable } from '../expected';
import type { ModelLike } from './sequelize-like';
import { tableOf, type StoredAttribute } from './sequelize6';
import { storedName } from './stored-name';

/** A model's table with the columns, primary key and indexes that `sync()` would give it. */
export function modelTable(model: ModelLike, stored: readonly StoredAttribute[]): ModelTable {
  const renamed = stored.filter(({ name, column }) => name !== column);
  return {
    model: model.name,
    table: tableOf(model),
    columns: stored.map(({ column }) => column),
    primaryKey: stored.filter(({ attribute }) => attribute.primaryKey === true).map(({ column }) => column),
    indexes: [
      ...new Set((model._indexes ?? []).flatMap(({ name }) => (name ? [storedName(model, name)] : []))),
    ],
    ...(renamed.length > 0 && {
      renamed: Object.fromEntries(renamed.map(({ name, column }) => [name, column])),
    }),
    // Without timestamps Sequelize takes no notice of it.
    ...(model.options['paranoid'] === true && model.options['timestamps'] !== false && { paranoid: true }),
  };
}
