import type { EnsureOptions, ParentByColumns, ParentValues, Plain } from './ensure-options';

/** A model class of Sequelize 6, and what its instances are. */
export interface ModelOf<Instance extends object> {
  new (...values: never[]): Instance;
  readonly name: string;
  getTableName(): unknown;
}

/** The attributes with which a row is made, where the model's typings say them. */
export type ValuesOf<Instance> = Instance extends { _creationAttributes: infer Attributes extends object }
  ? Partial<Attributes>
  : Readonly<Record<string, unknown>>;

/**
 * Options of Sequelize's `create` and `bulkCreate` go on to them.
 *
 * Where the models' classes declare their parents (`declare user?: NonAttribute<User>`), functions in `ensure` get their
 * key's type and are held to the parent's attributes. Sequelize does not type the names of associations, so every other
 * name is allowed here, its function says itself what key it gets, and both are looked at when it is called.
 */
export type WithParentsOptions<Instance = object> = Omit<EnsureOptions, 'ensure'> & {
  readonly ensure: EnsureOf<Instance> & Readonly<Record<string, object>>;
} & Readonly<Record<string, unknown>>;

/** An instance of a model, by what Sequelize's typings add to it. */
interface InstanceShape {
  readonly _attributes: object;
  readonly _creationAttributes: object;
}

type ParentNames<Child> = {
  [Name in keyof Child & string]-?: Name extends `_${string}`
    ? never
    : NonNullable<Child[Name]> extends InstanceShape
      ? Name
      : never;
}[keyof Child & string];

/** A model may lead back to itself, so there has to be an end. */
type DeepEnough = [unknown, unknown, unknown, unknown];

/** Each way from a child to a parent, at any depth. */
type Ways<Child, Depth extends readonly unknown[] = []> = Depth extends DeepEnough
  ? never
  : {
      [Name in ParentNames<Child>]:
        [Name, Child, NonNullable<Child[Name]>] | Ways<NonNullable<Child[Name]>, [...Depth, unknown]>;
    }[ParentNames<Child>];

type EnsureOf<Child> = {
  readonly [Name in Ways<Child>[0]]?: Entry<Extract<Ways<Child>, [Name, unknown, unknown]>>;
};

type Entry<Way> = Way extends [infer Name extends string, infer Child, infer Parent]
  ? ParentValues<KeyOf<Child, Name>, ValuesOf<Parent>> | ParentByColumns
  : never;

/** `sessionId` for `session`; where the columns are called otherwise, whoever writes the function says what it gets. */
type KeyOf<Child, Name extends string> = `${Name}Id` extends keyof Child
  ? NonNullable<Child[`${Name}Id`]>
  : Plain;
