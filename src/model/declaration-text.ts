import { javascriptString } from '../javascript-string';
import type { Declaration } from '../expected';
import { normalize, together, type ActionName, type WrittenActions } from './action';
import type { KeyAttribute } from './evidence';
import type { SideWriting } from './explicit';
import { asksForKey, parentTable, type AssociationSide } from './sequelize6';
import type { ModelLike } from './sequelize-like';
import { storedName } from './stored-name';

/** An attribute's own `references`, as `Checkout.userId: { references: { model: 'Users' } }`. */
export function declarationOfAttribute(
  { child, name, parent }: KeyAttribute,
  written: WrittenActions,
): Declaration {
  const model =
    parent.schema === undefined
      ? javascriptString(parent.name)
      : `{ tableName: ${javascriptString(parent.name)}, schema: ${javascriptString(parent.schema)} }`;
  return {
    text: `${child.name}.${name}: { ${[`references: { model: ${model} }`, ...actions(written)].join(', ')} }`,
    parent,
    ...inWords(written),
  };
}

/** One end of an association, as `Checkout.belongsTo(User, { as: 'borrower' })`. */
export function declarationOfSide(
  side: AssociationSide,
  child: ModelLike,
  writing: SideWriting,
): Declaration {
  const { association, parent } = side;
  const parentColumn = joinedColumn(side);
  return {
    text: associationText(side, writing),
    ...(association.as === undefined ? {} : { association: association.as }),
    method: methodOf(association),
    ...(asksForKey(association) && { parent: parentTable(child, parent) }),
    ...(asksForKey(association) && parentColumn !== undefined && { parentColumn }),
    ...inWords(together(writing.options, writing.model, writing.end)),
  };
}

/** The parent's column that an association joins on, when it says one. */
export function joinedColumn({ association, end, parent }: AssociationSide): string | undefined {
  const ofTarget = association.associationType === 'BelongsTo' || end === 'otherKey';
  const field = ofTarget ? association.targetKeyField : association.sourceKeyField;
  return field === undefined ? undefined : storedName(parent, field);
}

const methodOf = ({ associationType }: AssociationSide['association']): NonNullable<Declaration['method']> =>
  METHODS[associationType];

const METHODS = {
  BelongsTo: 'belongsTo',
  HasOne: 'hasOne',
  HasMany: 'hasMany',
  BelongsToMany: 'belongsToMany',
} as const;

const inWords = ({ onDelete, onUpdate }: WrittenActions): Pick<Declaration, ActionName> => ({
  ...(onDelete.length > 0 && { onDelete: onDelete.map(normalize) }),
  ...(onUpdate.length > 0 && { onUpdate: onUpdate.map(normalize) }),
});

function associationText({ association, end }: AssociationSide, writing: SideWriting): string {
  const { source, target, as, through, options } = association;
  const settings = [
    ...(through ? [`through: ${javascriptString(through.model.name)}`] : []),
    ...(as !== undefined && options['as'] !== undefined ? [`as: ${javascriptString(as)}`] : []),
    ...actions(writing.options),
    ...block(actions(writing.end)).map((inner) => `${end}: ${inner}`),
  ];
  const model = block(actions(writing.model)).map(
    (inner) => ` with ${inner} in the options of ${source.name}`,
  );
  return `${source.name}.${methodOf(association)}(${[target.name, ...block(settings)].join(', ')})${model.join('')}`;
}

/** `{ a, b }`, or nothing when there is nothing to put into it. */
const block = (parts: readonly string[]): readonly string[] =>
  parts.length > 0 ? [`{ ${parts.join(', ')} }`] : [];

const actions = (written: WrittenActions): readonly string[] =>
  (['onDelete', 'onUpdate'] satisfies ActionName[]).flatMap((name) =>
    written[name].map((value) => `${name}: ${javascriptString(value)}`),
  );
