import type { Relation } from '../expected';
import { storedName } from './stored-name';
import type { TableReference } from '../schema';
import type {
  AssociationLike,
  AttributeLike,
  ModelLike,
  QualifiedTableLike,
  ReferencesLike,
  SequelizeLike,
} from './sequelize-like';

/** An attribute that is stored in a column. */
export interface StoredAttribute {
  readonly name: string;
  readonly column: string;
  readonly attribute: AttributeLike;
}

/** What one association says about one foreign key attribute; a `belongsToMany` has two of them. */
export interface AssociationSide {
  readonly association: AssociationLike;
  readonly end: 'foreignKey' | 'otherKey';
  /** The attribute object itself: Sequelize shares it between models that were defined with the same object. */
  readonly attribute: AttributeLike;
  readonly child: ModelLike;
  readonly parent: ModelLike;
}

/** The stored attributes of several models, read once for all who ask. */
export type Stored = ReadonlyMap<ModelLike, readonly StoredAttribute[]>;

const MIGRATION_TABLES = ['SequelizeMeta', 'SequelizeData'];

/** Every model of the application, in the order of definition; the tables of Sequelize's own migrations are not models. */
export const modelsOf = (sequelize: SequelizeLike): readonly ModelLike[] =>
  sequelize.modelManager.models.filter(
    (model) => !MIGRATION_TABLES.includes(model.name) && !MIGRATION_TABLES.includes(tableOf(model).name),
  );

/** The table that a model is stored in. */
export const tableOf = (model: ModelLike): TableReference => tableReference(model, model.getTableName());

/** A model's attributes, or those that are wanted, without the VIRTUAL ones. */
export const storedAttributes = (
  model: ModelLike,
  isWanted: (attribute: AttributeLike) => boolean = () => true,
): readonly StoredAttribute[] =>
  Object.entries(model.rawAttributes)
    .filter(([, attribute]) => isWanted(attribute) && typeKey(attribute.type) !== 'VIRTUAL')
    .map(([name, attribute]) => ({ name, column: storedName(model, attribute.field ?? name), attribute }));

/** The table that `references.model` means in a model's DDL, if it names one. */
export const referencedTable = (
  child: ModelLike,
  references: ReferencesLike | undefined,
): TableReference | undefined => (references?.model ? tableInDdl(child, references.model) : undefined);

/** The table of `parent` as a key of `child` would name it. */
export const parentTable = (child: ModelLike, parent: ModelLike): TableReference => tableInDdl(child, parent);

/** The column that `references.key` names, if it names one. */
export const referencedColumn = (child: ModelLike, references: ReferencesLike): string | undefined =>
  references.key ? storedName(child, references.key) : undefined;

/** When the key is checked, if the models say so. */
export function deferrableOf(references: ReferencesLike): Relation['deferrable'] {
  const text = references.deferrable ? String(references.deferrable).toUpperCase() : '';
  return (['NOT DEFERRABLE', 'INITIALLY DEFERRED', 'INITIALLY IMMEDIATE'] as const).find((known) =>
    text.includes(known),
  );
}

/** The foreign key attributes that an association is about. */
export function sidesOf(association: AssociationLike): readonly AssociationSide[] {
  const { source, target, foreignKey, otherKey, through } = association;
  const side = (
    end: AssociationSide['end'],
    child: ModelLike,
    name: string,
    parent: ModelLike,
  ): readonly AssociationSide[] => {
    const attribute = child.rawAttributes[name];
    return attribute ? [{ association, end, attribute, child, parent }] : [];
  };
  switch (association.associationType) {
    case 'BelongsTo':
      return side('foreignKey', source, foreignKey, target);
    case 'HasOne':
    case 'HasMany':
      return side('foreignKey', target, foreignKey, source);
    case 'BelongsToMany':
      // `through.associations` is empty in Sequelize 6: only the association knows the join table's keys.
      if (!through) return [];
      return [
        ...side('foreignKey', through.model, foreignKey, source),
        ...(otherKey ? side('otherKey', through.model, otherKey, target) : []),
      ];
  }
}

/** The model that holds the key, unless that is a join table. */
export const childOf = ({ associationType, source, target }: AssociationLike): ModelLike | undefined =>
  associationType === 'BelongsToMany' ? undefined : associationType === 'BelongsTo' ? source : target;

/** True when the association asks for a key: with `constraints: false` only a written action does. */
export const asksForKey = ({ options }: AssociationLike): boolean =>
  options['constraints'] !== false || Boolean(options['onDelete']) || Boolean(options['onUpdate']);

/** Sequelize's rule: a name without a schema lies in the schema of the child's model, an object means what it says. */
function tableInDdl(child: ModelLike, named: string | QualifiedTableLike | ModelLike): TableReference {
  const table = isModel(named) ? named.getTableName() : named;
  if (typeof table !== 'string') return tableReference(child, table);
  const { schema } = tableOf(child);
  return { ...(schema === undefined ? {} : { schema }), name: storedName(child, table) };
}

function tableReference(model: ModelLike, table: string | QualifiedTableLike): TableReference {
  if (typeof table === 'string') return { name: storedName(model, table) };
  return {
    ...(table.schema ? { schema: storedName(model, table.schema) } : {}),
    name: storedName(model, table.tableName),
  };
}

const isModel = (named: string | QualifiedTableLike | ModelLike): named is ModelLike =>
  typeof named !== 'string' && 'getTableName' in named;

const typeKey = (type: unknown): unknown =>
  typeof type === 'object' && type !== null ? Reflect.get(type, 'key') : undefined;
