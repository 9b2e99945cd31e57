import { tableId } from './names';
import type { TableName } from './schema';

/** What a role may lack on a table; `USAGE` and `CREATE` are of its schema. `LOCK` is any of UPDATE, DELETE and TRUNCATE. */
export type Right = 'USAGE' | 'CREATE' | 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'REFERENCES' | 'LOCK';

/** One right that a role lacks, in words, and the statement that gives it. */
export interface MissingRight {
  readonly words: string;
  readonly mend: string;
  /** Set for the ownership of this table, which brings every right on it. */
  readonly owning?: string;
  /** Set for a right on this table. */
  readonly on?: string;
}

/** A right on a schema or a table. */
export function missingRight(right: Right, table: TableName, role: string): MissingRight {
  if (right === 'USAGE' || right === 'CREATE') return missingOnSchema(right, table.schema, role);
  return {
    on: tableId(table),
    words: `${right === 'LOCK' ? 'UPDATE (to lock it)' : right} on ${tableId(table)}`,
    mend: `grant ${right === 'LOCK' ? 'update' : right.toLowerCase()} on ${quoted(table.schema)}.${quoted(table.name)} to ${quoted(role)}`,
  };
}

/** A right on a schema. */
export const missingOnSchema = (right: 'USAGE' | 'CREATE', schema: string, role: string): MissingRight => ({
  words: `${right} on the schema ${schema}`,
  mend: `grant ${right.toLowerCase()} on schema ${quoted(schema)} to ${quoted(role)}`,
});

/** Only the owner may alter a table, and who is a member of the owner counts as one. */
export const missingOwnership = (table: TableName, owner: string, role: string): MissingRight => ({
  owning: tableId(table),
  words: `ownership of ${tableId(table)}`,
  mend: `grant ${quoted(owner)} to ${quoted(role)}`,
});

/** The right to take the next number of a sequence. */
export const missingOnSequence = (sequence: TableName, role: string): MissingRight => ({
  words: `USAGE on the sequence ${tableId(sequence)}`,
  mend: `grant usage on sequence ${quoted(sequence.schema)}.${quoted(sequence.name)} to ${quoted(role)}`,
});

/** The right to make the guard's schema. */
export const missingOnDatabase = (database: string, schema: string, role: string): MissingRight => ({
  words: `CREATE on the database ${database} (for the schema ${schema})`,
  mend: `grant create on database ${quoted(database)} to ${quoted(role)}`,
});

/** Why a table's rows cannot be read, for the message of a refusal; empty where it is something else than a right. */
export function unreadableBecause(
  tables: readonly { readonly name: TableName; readonly lacks: readonly Right[] }[],
  role: string,
): string {
  const missing = tables.flatMap(({ name, lacks }) =>
    lacks.flatMap((right) =>
      right === 'USAGE' || right === 'SELECT' ? [missingRight(right, name, role)] : [],
    ),
  );
  const { words, mend } = joined(missing);
  return missing.length === 0 ? '' : `; the role ${role} lacks ${words} (${mend})`;
}

/** All of them at once, each said once, and nothing that the ownership of a table brings along. */
export function joined(missing: readonly MissingRight[]): MissingRight {
  const owning = new Set(missing.map((right) => right.owning));
  const left = missing.filter(({ on }) => on === undefined || !owning.has(on));
  return {
    words: [...new Set(left.map(({ words }) => words))].join('; '),
    mend: [...new Set(left.map(({ mend }) => mend))].join('; '),
  };
}

/** Names stand in quotes, so that the statement can be run as it is. */
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
