import { actionsIn, type ActionName, type WrittenActions } from './action';
import type { WrittenAssociation, WrittenAttribute } from './declarations';
import { referencesOf } from './references';
import type { AttributeLike, ModelLike } from './sequelize-like';

/** The options of an association, as the author passed them. */
export type Options = Readonly<Record<string, unknown>>;

// Sequelize writes into the author's own objects, and applications use one object for several declarations, models and
// instances: what counts is how each of them was when it was first seen. One map for the process, for the same reason.
const attributes = new WeakMap<AttributeLike, WrittenAttribute>();
const used = new WeakMap<Options, { readonly own: WrittenActions; readonly left: WrittenActions }>();

/** What an author wrote at an attribute; to be called before an association adds to it. */
export function readAttribute(attribute: AttributeLike): WrittenAttribute {
  const known = attributes.get(attribute);
  if (known) return known;
  const references = referencesOf(attribute);
  const written = { ...actionsIn({ ...attribute }), ...(references && { references: { ...references } }) };
  attributes.set(attribute, written);
  return written;
}

/** One reading of an association's options. */
export interface Reading {
  readonly written: WrittenAssociation;
  /** To be called when Sequelize is through with the options. */
  done(): void;
}

/** What an author wrote at an association; to be called before Sequelize writes its defaults into the options. */
export function readOptions(options: Options | undefined, source: ModelLike): Reading {
  const before = options && used.get(options);
  const now = actionsIn(options);
  const own = (name: ActionName) =>
    before && before.left[name][0] === now[name][0] ? before.own[name] : withoutCopied(options, now[name]);
  const written = {
    options: { onDelete: own('onDelete'), onUpdate: own('onUpdate') },
    model: actionsIn(source.options),
    foreignKey: actionsIn(objectIn(options, 'foreignKey')),
    otherKey: actionsIn(objectIn(options, 'otherKey')),
  };
  return {
    written,
    done: () => void (options && used.set(options, { own: written.options, left: actionsIn(options) })),
  };
}

/** `useHooks` is never written by an author: such options are a copy of used ones, and their actions may be defaults. */
const withoutCopied = (options: Options | undefined, values: readonly string[]): readonly string[] =>
  options && 'useHooks' in options
    ? values.filter((value) => !['SET NULL', 'NO ACTION', 'CASCADE'].includes(value))
    : values;

function objectIn(options: Options | undefined, key: string): Options | undefined {
  const value = options?.[key];
  return typeof value === 'object' && value !== null ? (value as Options) : undefined;
}
