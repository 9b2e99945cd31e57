import { escapeIdentifier, escapeLiteral } from 'pg';
import type { Operator, TableName } from './schema';

declare const brand: unique symbol;

/** Text that is safe to send: built from constants and from escaped names only. */
export type Sql = string & { readonly [brand]: 'sql' };

const trusted = (text: string): Sql => text as Sql;

/** The only way to write SQL: a template whose holes take other `Sql`, never a bare string. */
export function sql(text: TemplateStringsArray, ...parts: readonly Sql[]): Sql {
  return trusted(String.raw({ raw: text.map((piece) => piece) }, ...parts));
}

/** A quoted name: `userId` becomes `"userId"`. */
export const identifier = (name: string): Sql => trusted(escapeIdentifier(name));

/** A quoted constant, for the statements that take no parameters (DDL). */
export const literal = (value: string): Sql => trusted(escapeLiteral(value));

/** A `do` block; dollar quotes, because a person shall read it, unless a name holds those very quotes. */
export const block = (body: Sql): Sql =>
  body.includes('$fk_guard$') ? sql`do ${literal(body)}` : sql`do $fk_guard$\n${body}\n$fk_guard$`;

/** A quoted whole number. */
export const integer = (value: number): Sql => trusted(String(Math.trunc(value)));

/** `$1`. */
export const parameter = (position: number): Sql => trusted(`$${Math.trunc(position)}`);

/** `"schema"."table"`. */
export const qualified = (table: TableName): Sql =>
  sql`${identifier(table.schema)}.${identifier(table.name)}`;

/** `operator("schema".=)`: an operator that no search_path can replace. */
export function operator(op: Operator): Sql {
  if (!/^[-+*/<>=~!@#%^&|`?]+$/.test(op.name)) throw new Error(`not an operator: ${op.name}`);
  return sql`operator(${identifier(op.schema)}.${trusted(op.name)})`;
}

/** `"a", "b"`. */
export const columns = (names: readonly string[]): Sql => join(names.map(identifier), ', ');

/** Parts with a separator between them. */
export const join = (
  parts: readonly Sql[],
  separator: ', ' | ' || ' | ' and ' | ' or ' | ' union all ' | ';\n' | '\n' | ' ',
): Sql => trusted(parts.join(separator));

/** What `pg_get_expr` printed for a column's default: the server's own words. */
export const columnDefault = (text: string): Sql => trusted(text);

const CONSTANT = /^(?:'(?:[^']|'')*'|-?[\d.]+|\(-?[\d.]+\)|NULL)(?:::[a-z ]+(?:\(\d+(?:,\d+)?\))?)?$/;

/** True for a constant as `pg_get_expr` prints it; anything else could do something when it is asked for its value. */
export const isConstant = (text: string): boolean => CONSTANT.test(text);

/** A constant as `pg_get_expr` prints it; anything else is refused. */
export function constantDefault(text: string): Sql {
  if (!isConstant(text)) throw new Error(`not a constant: ${text}`);
  return trusted(text);
}

/** A query that the user has written in the options, to stand in parentheses; only ever run where nothing can be written, or as they reviewed it. */
export const userQuery = (text: string): Sql => trusted(`${text.trim().replace(/;+$/, '')}\n`);

const DEFINITION = /^FOREIGN KEY (?:"(?:[^"]|"")*"|[\w$\u0080-\uffff]+|[\s(),.])+$/u;

/** What `pg_get_constraintdef` printed for a foreign key, without its NOT VALID; anything else is refused. */
export function foreignKeyDefinition(text: string): Sql {
  if (!DEFINITION.test(text)) throw new Error(`not the definition of a foreign key: ${text}`);
  return trusted(text.replace(/ NOT VALID$/, ''));
}

/** A name or a value as Sequelize's query generator has written it: it has quoted and escaped what it was given. */
export const generated = (text: string): Sql => trusted(text);

/** What `format_type` printed for a column's type: the server's own words, with the schema where it is not `pg_catalog`. */
export const typeName = (text: string): Sql => trusted(text);
