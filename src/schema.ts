/** The words that both sides share: tables, actions and operators. */

/** A table's full name. Never a bare name: two schemas may hold tables of the same name. */
export interface TableName {
  readonly schema: string;
  readonly name: string;
}

/** A table as a model names it; without a schema it is found along the connection's search_path. */
export interface TableReference {
  readonly schema?: string;
  readonly name: string;
}

/** What PostgreSQL does with the children when a parent is deleted or its key updated. */
export type ReferentialAction = 'NO ACTION' | 'RESTRICT' | 'CASCADE' | 'SET NULL' | 'SET DEFAULT';

/** When a key is checked: at once and always, at once unless a transaction defers it, or at its end. */
export type Deferrability = 'NOT DEFERRABLE' | 'INITIALLY IMMEDIATE' | 'INITIALLY DEFERRED';

/** An operator with its schema, so that no search_path can change its meaning. */
export interface Operator {
  readonly schema: string;
  readonly name: string;
  /** The parent's collation, under which PostgreSQL checks a key; present where the child's may be another one. */
  readonly collation?: { readonly schema: string; readonly name: string };
  /** What the operator takes, parent and child, where a live key has to convert a column for it (text → character). */
  readonly operands?: readonly [TableName, TableName];
}
