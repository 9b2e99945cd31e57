import type { Relation } from '../expected';
import { groupBy } from '../group-by';
import type { TableReference } from '../schema';
import { tableOf, type Stored, type StoredAttribute } from './sequelize6';
import { referenceId } from './table-reference';

/**
 * Gives relations what the models call their columns' types: `INTEGER`, `VARCHAR(36)`. Two models of one table may call
 * a column differently: then both words stand there, and fit no type.
 */
export function typesOf(stored: Stored): (relation: Relation) => Relation {
  const owners = groupBy(stored, ([model]) => referenceId(tableOf(model)));
  const typeIn = (table: TableReference, column: string): string | undefined => {
    const own = owners.get(referenceId(table)) ?? [];
    const words = new Set(own.flatMap(([, attributes]) => columnType(attributes, column) ?? []));
    return words.size > 0 ? [...words].join(' and ') : undefined;
  };
  return (relation) => ({
    ...relation,
    childTypes: relation.childColumns.map((column) => typeIn(relation.child, column)),
    parentTypes: relation.parentColumns.map((column) => typeIn(relation.parent, column)),
  });
}

const columnType = (attributes: readonly StoredAttribute[], column: string): string | undefined =>
  typeText(attributes.find((stored) => stored.column === column)?.attribute.type);

/** A type of Sequelize's says its SQL itself; an author may also have written plain text. */
function typeText(type: unknown): string | undefined {
  if (typeof type === 'string') return type;
  const toSql: unknown = typeof type === 'object' && type !== null ? Reflect.get(type, 'toSql') : undefined;
  return typeof toSql === 'function' ? String(toSql.call(type, {})) : undefined;
}
