import type { ParentKey } from './parent-key';
import type { Values, WritableModel } from '../../model/writable-model';
import { generated, integer, join, sql, type Sql } from '../../sql';

/** Parents of one model that are looked for by the same attributes. */
export interface Wanted {
  readonly parent: WritableModel;
  readonly attributes: readonly string[];
  readonly keys: readonly [ParentKey, ...ParentKey[]];
}

/**
 * One statement for all: the rows that are there, each with the place of what wanted it and its key as the server
 * prints it; null where only one is wanted, since a row can only be that one.
 *
 * Names and values are in Sequelize's words: it knows the table's schema, the columns' names and how a value is written.
 * The rest of its `selectQuery` would take a tenth of the time of a `create` that has not run often yet.
 */
export const searchFor = (wanted: readonly Wanted[]): Sql => join(wanted.map(searchOf), ' union all ');

function searchOf({ parent, attributes, keys }: Wanted, n: number): Sql {
  const { queryGenerator: words } = parent.sequelize.getQueryInterface();
  const columns = attributes.map((name): Column => {
    const attribute = parent.rawAttributes[name];
    const escaped = generated(words.quoteIdentifier(attribute?.field ?? name));
    return { name, escaped, write: (key) => generated(words.escape(key[name], attribute)) };
  });
  const table = generated(words.quoteTable(parent.getTableName()));
  const key = keys.length === 1 ? sql`null` : printed(columns);
  return sql`select ${integer(n)} as n, ${key} as k from ${table} where ${isOneOf(columns, keys)}`;
}

interface Column {
  readonly name: string;
  readonly escaped: Sql;
  /** The value that a key has for it, as a constant of the column's type. */
  write(key: Values): Sql;
}

const printed = (columns: readonly Column[]): Sql =>
  sql`json_build_array(${join(
    columns.map(({ escaped }) => sql`${escaped}::text`),
    ', ',
  )})::text`;

function isOneOf(columns: readonly Column[], keys: readonly ParentKey[]): Sql {
  const [only] = columns;
  if (only && columns.length === 1) {
    const values = keys.map(({ key }) => only.write(key));
    return sql`${only.escaped} in (${join(values, ', ')})`;
  }
  const equal = ({ key }: ParentKey): Sql =>
    join(
      columns.map(({ escaped, write }) => sql`${escaped} = ${write(key)}`),
      ' and ',
    );
  return join(
    keys.map((key) => sql`(${equal(key)})`),
    ' or ',
  );
}
