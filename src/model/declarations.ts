import type { WrittenActions } from './action';
import { replaceMethod } from './replace-method';
import type { AssociationLike, ModelLike, ReferencesLike, SequelizeLike } from './sequelize-like';
import { readAttribute, readOptions, type Options } from './written-options';

/** What an author wrote at one attribute, before any association added to it. */
export interface WrittenAttribute extends WrittenActions {
  readonly references?: ReferencesLike;
}

/**
 * What an author wrote at one association: in its options, in the options of its model (`define: { onDelete }`, which
 * Sequelize merges over them), and inside `foreignKey` and `otherKey`.
 */
export interface WrittenAssociation {
  readonly options: WrittenActions;
  readonly model: WrittenActions;
  readonly foreignKey: WrittenActions;
  readonly otherKey: WrittenActions;
}

/**
 * What authors wrote, as opposed to what Sequelize made of it. Holds the models that were defined after the
 * recording began, and their associations; whatever is not in it has to be judged by what is left of it.
 */
export interface WrittenDeclarations {
  readonly attributes: ReadonlyMap<ModelLike, Readonly<Record<string, WrittenAttribute>>>;
  readonly associations: ReadonlyMap<AssociationLike, WrittenAssociation>;
}

/** What has been recorded of an instance so far; nothing when no recording ever began. */
export const recordOf = (sequelize: SequelizeLike): WrittenDeclarations | undefined => records.get(sequelize);

/**
 * Records, from now on, what is written in models and associations. `stop` leaves Sequelize as it was and keeps the
 * record; a later recording of the same instance goes on with it.
 */
export function recordDeclarations(sequelize: SequelizeLike): {
  readonly written: WrittenDeclarations;
  stop(): void;
} {
  const record = records.get(sequelize) ?? { attributes: new Map(), associations: new Map() };
  records.set(sequelize, record);
  const unwrap = new Map<ModelLike, () => void>();
  let recording = true;

  const listener = (model: ModelLike): void => {
    record.attributes.set(
      model,
      Object.fromEntries(
        Object.entries(model.rawAttributes).map(([name, attribute]) => [name, readAttribute(attribute)]),
      ),
    );
    if (!unwrap.has(model)) unwrap.set(model, wrapAssociationMethods(model, around));
  };
  const around: Around = (source, options, associate) => {
    if (!recording) return associate();
    const reading = readOptions(options, source);
    const association = associate();
    record.associations.set(association, reading.written);
    reading.done();
    return association;
  };

  // Without a name of its own: clones of the instance crash on named hooks.
  sequelize.addHook('afterDefine', listener);
  return {
    written: record,
    stop() {
      recording = false;
      sequelize.removeHook('afterDefine', listener);
      for (const undo of unwrap.values()) undo();
      unwrap.clear();
    },
  };
}

interface Recorded extends WrittenDeclarations {
  readonly attributes: Map<ModelLike, Readonly<Record<string, WrittenAttribute>>>;
  readonly associations: Map<AssociationLike, WrittenAssociation>;
}

const records = new WeakMap<SequelizeLike, Recorded>();

type Around = (
  source: ModelLike,
  options: Options | undefined,
  associate: () => AssociationLike,
) => AssociationLike;
type AssociationMethod = (this: ModelLike, target: unknown, options?: Options) => AssociationLike;

const METHODS = ['belongsTo', 'hasOne', 'hasMany', 'belongsToMany'] as const;

function wrapAssociationMethods(model: ModelLike, around: Around): () => void {
  const methods = model as ModelLike & Record<(typeof METHODS)[number], AssociationMethod>;
  const undo = METHODS.map((name) =>
    replaceMethod(
      methods,
      name,
      (original): AssociationMethod =>
        function (...declaration) {
          return around(this, declaration[1], () => original.apply(this, declaration));
        },
    ),
  );
  return () => undo.forEach((restore) => restore());
}
