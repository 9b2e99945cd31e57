import type { Deferrability, ReferentialAction, TableReference } from './schema';

/**
 * What the models say about one action of a relation.
 *
 * `resolved` is what Sequelize itself would write into its DDL. `explicit` holds the different values that an
 * author is known to have written: none means that `resolved` is only a default, two mean a contradiction.
 */
export interface DeclaredAction {
  readonly resolved: ReferentialAction;
  readonly explicit: readonly ReferentialAction[];
}

/** One place in the models that says something about a relation, such as `User.hasMany(Checkout)`. */
export interface Declaration {
  /** The code as a reader would look for it: `Checkout.belongsTo(User, { as: 'borrower' })`. */
  readonly text: string;
  /** The association's name (`as`), when the declaration is an association. */
  readonly association?: string;
  /** The association's method; absent for an attribute's own `references` and for keys that are written by hand. */
  readonly method?: 'belongsTo' | 'hasOne' | 'hasMany' | 'belongsToMany';
  /** True for a key in a list of `foreignKeys`, without models. */
  readonly byHand?: true;
  /** The parent that this place names, when it names one. */
  readonly parent?: TableReference;
  /** The parent's column that the association joins on. */
  readonly parentColumn?: string;
  /** The actions that are known to be written here, in PostgreSQL's words. */
  readonly onDelete?: readonly string[];
  readonly onUpdate?: readonly string[];
}

/** One foreign key that the models ask for. */
export interface Relation {
  /** `Model.attribute`, the name under which options address it. */
  readonly id: string;
  readonly model: string;
  readonly attribute: string;
  readonly child: TableReference;
  readonly childColumns: readonly string[];
  readonly parent: TableReference;
  readonly parentColumns: readonly string[];
  readonly onDelete: DeclaredAction;
  readonly onUpdate: DeclaredAction;
  /** What SET NULL or SET DEFAULT shall change, when somebody has said so; all key columns otherwise. */
  readonly onDeleteColumns?: readonly string[];
  /** Absent when the models say nothing about it. */
  readonly deferrable?: Deferrability;
  /** The association that gives the parent only some of the rows, by a scope; the others may belong to other tables. */
  readonly scoped?: string;
  readonly declarations: readonly Declaration[];
  /** What the columns' types are called where they are declared, such as `VARCHAR(36)`; absent where nobody says it. */
  readonly childTypes?: readonly (string | undefined)[];
  readonly parentTypes?: readonly (string | undefined)[];
  /** Why its rows must be left as they are for now, whatever the policy says: a sync has just changed what they are judged by. */
  readonly rowsStay?: string;
  /** The child is shared by all tenants, and each of them has a table of the parent's name: any could be meant. */
  readonly parentOfTenants?: true;
}

/** One table that a model is stored in. */
export interface ModelTable {
  readonly model: string;
  readonly table: TableReference;
  readonly columns: readonly string[];
  /** Column names; empty when the model has no primary key. */
  readonly primaryKey: readonly string[];
  /** Names of the indexes that `sync()` would create. */
  readonly indexes: readonly string[];
  /** The columns of attributes that are called otherwise. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** True when `destroy()` only sets a column (`paranoid`). */
  readonly paranoid?: true;
}

/** Everything that the models (or a hand-written declaration) ask of the database. */
export interface Expected {
  readonly tables: readonly ModelTable[];
  readonly relations: readonly Relation[];
  /** What the models ask for beside that and nobody wants compared now; no clean-up may orphan its rows. */
  readonly others?: readonly Relation[];
  /** Associations that say `constraints: false` where a key could be: told, and never created, counted or cleaned. */
  readonly unconstrained?: readonly Relation[];
}
