import type { Relation } from '../expected';
import type { TableReference } from '../schema';
import { storedAttributes, tableOf } from './sequelize6';
import type { AttributeLike, ModelLike, ReferencesLike, SequelizeLike } from './sequelize-like';

/** What was taken from an attribute, and how many syncs need it to stay away. */
interface Stripped {
  readonly references: ReferencesLike;
  holders: number;
}

// One map for the process: applications define the models of several Sequelize instances with the same literals,
// and Sequelize 6 keeps the author's own objects.
const stripped = new WeakMap<object, Stripped>();

/**
 * Takes `references` away from the attributes of these relations and returns how to put them back.
 *
 * In place, because Sequelize captures the attribute objects before `beforeSync` runs and shares them between
 * `rawAttributes`, `tableAttributes`, `fieldRawAttributesMap` and the clones that `Model.schema()` makes.
 */
export function stripReferences(sequelize: SequelizeLike, relations: readonly Relation[]): () => void {
  const held = attributesOf(sequelize.modelManager.models, relations);
  for (const attribute of held) strip(attribute);
  let holding = true;
  return () => {
    if (holding) for (const attribute of held) release(attribute);
    holding = false;
  };
}

/** True while `references` is away from this attribute. */
export const isStripped = (attribute: unknown): boolean =>
  typeof attribute === 'object' && attribute !== null && stripped.has(attribute);

/** What an attribute references, also while a sync has it taken away. */
export const referencesOf = (attribute: AttributeLike): ReferencesLike | undefined =>
  stripped.get(attribute)?.references ?? attribute.references;

/** The attributes of these relations, without those whose object also stands in a relation that is not one of them. */
function attributesOf(
  models: readonly ModelLike[],
  relations: readonly Relation[],
): ReadonlySet<AttributeLike> {
  // By name, because a relation may be about another schema's copy of the table; by place, because two models may
  // share a table, and then the relation has the name of the first one only.
  const ids = new Set(relations.map((relation) => relation.id));
  const places = new Set(relations.map(({ child, childColumns }) => placeOf(child, childColumns)));
  const wanted = new Set<AttributeLike>();
  const others = new Set<AttributeLike>();
  for (const model of models) {
    // Nothing can be taken from the others, and they are most.
    const keys = storedAttributes(model, (attribute) => referencesOf(attribute) !== undefined);
    if (keys.length === 0) continue;
    const table = tableOf(model);
    for (const { name, column, attribute } of keys) {
      const owned = ids.has(`${model.name}.${name}`) || places.has(placeOf(table, [column]));
      (owned ? wanted : others).add(attribute);
    }
  }
  return new Set([...wanted].filter((attribute) => !others.has(attribute)));
}

const placeOf = ({ schema, name }: TableReference, columns: readonly string[]): string =>
  JSON.stringify([schema, name, columns]);

function strip(attribute: AttributeLike): void {
  const known = stripped.get(attribute);
  if (known) known.holders++;
  else if (attribute.references) {
    stripped.set(attribute, { references: attribute.references, holders: 1 });
    delete attribute.references;
  }
}

function release(attribute: AttributeLike): void {
  const known = stripped.get(attribute);
  if (!known || --known.holders > 0) return;
  stripped.delete(attribute);
  // An association that was declared during the sync may have filled the gap: the first writer wins, as always.
  attribute.references = known.references;
}
