import type { KnownParents } from './known-parents';

/** What the values of a missing parent may depend on. */
export interface EnsureContext {
  /** The transaction that the caller has given or that CLS carries; a query of the function's own belongs into it. */
  readonly transaction: object | undefined;
}

type Values = Readonly<Record<string, unknown>>;
/** A value that a key may have. */
export type Plain = string | number | bigint | boolean | Date | Buffer;

/**
 * Gives the attributes of a parent that is missing; its key is filled in by itself. `key` is the child's value of the
 * key, for a composite one an object by the parent's attributes. Nothing is made up that this function does not say.
 *
 * In a caller's transaction it runs within a savepoint, so that a query of its own may fail without taking the
 * transaction along.
 */
export type ParentValues<Key = Plain, Made = Values> = {
  // A method's parameter may be narrower than what it stands for: whoever writes the function knows the key's type.
  of(key: Key, context: EnsureContext): Made | Promise<Made>;
}['of'];

/** A parent that no `belongsTo` leads to, such as one with a composite key; or another than the association's. */
export interface ParentByColumns {
  readonly model: object;
  /** The child's attributes, each with the parent's attribute that it refers to. */
  readonly on: Readonly<Record<string, string>>;
  readonly values: ParentValues<Readonly<Record<string, Plain>>>;
}

/** Options of `ensureParents`, `createWithParents` and `bulkCreateWithParents`; all others go to Sequelize's `create`. */
export interface EnsureOptions {
  /**
   * How each parent is made that is missing, by the name of the `belongsTo` association, at any depth; `Model.name`
   * where several models have one of that name.
   */
  readonly ensure: Readonly<Record<string, ParentValues | ParentByColumns>>;
  /** Sequelize's own; without one, CLS's counts, and without that everything is written in a transaction of its own. */
  readonly transaction?: object | null | undefined;
  /** Parents that have been seen before: they are not looked up again. */
  readonly known?: KnownParents;
}

/** One parent that this call has made. */
export interface CreatedParent {
  readonly model: string;
  /** The parent with what the database has filled in. */
  readonly instance: object;
}
