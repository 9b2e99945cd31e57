import { DataTypes, type Model, type ModelStatic, type Sequelize } from 'sequelize';
import type { Random } from './random';

export type AnyModel = ModelStatic<Model>;

/** A parent and its child. */
export interface Pair {
  readonly Author: AnyModel;
  readonly Book: AnyModel;
}

/** What is left to chance about the models of a chapter: nothing of it makes a sound style faulty. */
export interface Dress {
  /** The type of the primary keys. */
  readonly key: 'integer' | 'bigint' | 'uuid' | 'string';
  /** Whether the foreign key is NOT NULL. */
  readonly required: boolean;
  readonly underscored: boolean;
  /** Whether the foreign key's column has a name of its own (`field`). */
  readonly ownColumn: boolean;
  /** Whether the tables lie in the schema `library`, or where the search_path says. */
  readonly inSchema: boolean;
  readonly timestamps: boolean;
  readonly paranoid: boolean;
  /** Whether the child is defined before its parent. */
  readonly childFirst: boolean;
}

/** The models of one use of a style. Every chapter has names of its own, so that all fit into one application. */
export interface Chapter {
  readonly dress: Dress;
  /** `Book` as it is called in this chapter: `Book17`. */
  named(name: string): string;
  /** Defines a model. Without a primary key of its own it gets an `id` of the chapter's type. */
  model(name: string, attributes?: object, options?: object): AnyModel;
  /** Defines a model whose primary key `belongsToMany` will make of its foreign keys. */
  joinTable(name: string, attributes?: object): AnyModel;
  /** An author and a book, defined in the order that the dress says. */
  authorAndBook(book?: object): Pair;
  /** The options of an association with its `foreignKey`, nullable and named as the dress says. */
  by(foreignKey: string, options?: object, otherwise?: Partial<Dress>): object;
  /** The attribute of this name, which can hold a primary key of this chapter; nullable and stored as the dress says. */
  keyAttribute(name: string, rest?: object, otherwise?: Partial<Dress>): object;
}

/** The schema of the chapters that have one; it has to be there before the sync. */
export const SCHEMA = 'library';

/** Every dress is as likely as any other, apart from what the style needs. */
export function randomDress(random: Random, needed: Partial<Dress> = {}): Dress {
  const timestamps = random.chance(0.5);
  return {
    key: random.pick(['integer', 'integer', 'bigint', 'uuid', 'string']),
    required: random.chance(0.4),
    underscored: random.chance(0.25),
    ownColumn: random.chance(0.2),
    inSchema: random.chance(0.2),
    timestamps,
    paranoid: timestamps && random.chance(0.3),
    childFirst: random.chance(0.3),
    ...needed,
  };
}

/** Opens a chapter in an application. */
export function openChapter(sequelize: Sequelize, number: number, dress: Dress): Chapter {
  const named = (name: string): string => `${name}${number}`;
  const { timestamps, paranoid, underscored } = dress;
  const common = { timestamps, paranoid, underscored, ...(dress.inSchema && { schema: SCHEMA }) };
  const define = (name: string, attributes: object, options: object = {}): AnyModel =>
    sequelize.define(named(name), attributes as never, { ...common, ...options });
  const chapter: Chapter = {
    dress,
    named,
    model: (name, attributes = {}, options) =>
      define(name, { ...idFor(dress, attributes), ...attributes }, options),
    joinTable: (name, attributes = {}) => define(name, attributes),
    authorAndBook(book) {
      if (!dress.childFirst) return { Author: chapter.model('Author'), Book: chapter.model('Book', book) };
      const Book = chapter.model('Book', book);
      return { Author: chapter.model('Author'), Book };
    },
    by(foreignKey, options, otherwise) {
      const { required, ownColumn } = { ...dress, ...otherwise };
      const notNull = required && { allowNull: false };
      return { foreignKey: { name: foreignKey, ...notNull, ...columnOf(foreignKey, ownColumn) }, ...options };
    },
    keyAttribute(name, rest, otherwise) {
      const { required, ownColumn } = { ...dress, ...otherwise };
      return {
        [name]: { type: keyType(dress), allowNull: !required, ...columnOf(name, ownColumn), ...rest },
      };
    },
  };
  return chapter;
}

const columnOf = (attribute: string, ownColumn: boolean) =>
  ownColumn ? { field: `${attribute} (ref)` } : {};

function keyType({ key }: Dress): unknown {
  switch (key) {
    case 'integer':
      return DataTypes.INTEGER;
    case 'bigint':
      return DataTypes.BIGINT;
    case 'uuid':
      return DataTypes.UUID;
    case 'string':
      return DataTypes.STRING(40);
  }
}

/** Sequelize's own `id` is an integer; for the other types, and for none, an author writes it out. */
function idFor(dress: Dress, attributes: object): object {
  const hasOwn = Object.values(attributes).some(
    (attribute) => typeof attribute === 'object' && attribute !== null && 'primaryKey' in attribute,
  );
  if (hasOwn || dress.key === 'integer') return {};
  const generated = dress.key === 'bigint' && { autoIncrement: true };
  const chosen = dress.key === 'uuid' && { defaultValue: DataTypes.UUIDV4 };
  return { id: { type: keyType(dress), primaryKey: true, ...generated, ...chosen } };
}
