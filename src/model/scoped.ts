import type { AssociationSide } from './sequelize6';

/** The association on a key that finds a parent's children under a scope, as `Post.hasMany(Comment)`; rows outside of it may have other parents. */
export function scopedBy(sides: readonly AssociationSide[]): string | undefined {
  const association = sides.find(scopeOf)?.association;
  if (!association) return undefined;
  const { associationType, source, target } = association;
  return `${source.name}.${associationType.charAt(0).toLowerCase()}${associationType.slice(1)}(${target.name})`;
}

/** The scope of a `belongsToMany` is about its targets; that of its join table is about the key to the source. */
function scopeOf({ association: { associationType, scope, through }, end }: AssociationSide): unknown {
  if (associationType === 'BelongsTo') return undefined;
  return associationType !== 'BelongsToMany' ? scope : end === 'foreignKey' ? through?.scope : undefined;
}
