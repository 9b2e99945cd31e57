import type { TableName, TableReference } from '../schema';

/** A table and some of its columns, as written in `schema.table(column, …)`. */
export interface KeyPlace {
  readonly table: TableReference;
  readonly columns: readonly string[];
}

// Sequelize creates its names quoted, so an unquoted `Users` means "Users" here and is not folded to lower case.
const NAME = String.raw`(?:"(?:[^"]|"")+"|[^\s"().,]+)`;
const PLACE = new RegExp(
  String.raw`^\s*(?:(${NAME})\s*\.\s*)?(${NAME})\s*\(\s*(${NAME}(?:\s*,\s*${NAME})*)\s*\)\s*$`,
  'u',
);

/** Reads `schema.table(column, …)`; `undefined` when the text is not of this form or names a column twice. */
export function parseKeyPlace(text: string): KeyPlace | undefined {
  const [, schema, name, list] = PLACE.exec(text) ?? [];
  if (name === undefined || list === undefined) return undefined;
  const columns = (list.match(new RegExp(NAME, 'gu')) ?? []).map(unquoted);
  if (new Set(columns).size < columns.length) return undefined;
  return {
    table: { ...(schema !== undefined && { schema: unquoted(schema) }), name: unquoted(name) },
    columns,
  };
}

const STRICT = String.raw`(?:"(?:[^"\0]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)`;
const TABLE = new RegExp(String.raw`^(${STRICT})\.(${STRICT})$`, 'u');

/** Reads `schema.table`, each part plain or in double quotes; `undefined` for anything else. */
export function parseTableName(text: string): TableName | undefined {
  const [, schema, name] = TABLE.exec(text) ?? [];
  return schema === undefined || name === undefined
    ? undefined
    : { schema: unquoted(schema), name: unquoted(name) };
}

const unquoted = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
