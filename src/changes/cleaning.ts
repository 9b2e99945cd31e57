import type { OrphanCondition, Strategy } from './orphan-change';
import type { WatchedRelation } from './watched-relation';

/** Rows of one relation that go, lose their key or get another one. */
export interface Cleaning {
  readonly strategy: Strategy;
  /** What `nullify` sets to null, where it is not all columns of the key: one null is enough (MATCH SIMPLE). */
  readonly nullColumns?: readonly string[];
  readonly orphans: OrphanCondition;
  readonly rows: number;
  /** Relations that no key watches over: their rows must not lose their parents to this clean-up. */
  readonly watch: readonly WatchedRelation[];
  /** For `reparent`: the new parent's key in text form, in the order of the columns. */
  readonly newParent?: readonly string[];
  /** Which tables a plan was made from, for a script that nobody watches: their names may be those of others by then. */
  readonly seen?: SeenTables;
}

/** Each table's oid, and where in it the columns of the key stand. */
export interface SeenTables {
  readonly child: readonly number[];
  readonly parent: readonly number[];
}
