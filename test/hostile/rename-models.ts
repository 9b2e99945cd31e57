import type { Sequelize } from 'sequelize';
import type { Renaming } from './renaming';

type Attribute = Record<string, unknown> & { references?: unknown };

/** What a model holds, also where its typings do not show it. */
interface Held {
  tableName: string;
  _schema?: string | null;
  readonly rawAttributes: Record<string, Attribute>;
  _indexes: readonly { readonly name?: string }[];
  readonly associations: Readonly<Record<string, Record<string, unknown>>>;
}

/** Gives the tables and columns behind models their hostile names, as `tableName`, `schema` and `field` would. */
export function renameModels(sequelize: Sequelize, { rename }: Renaming): void {
  // Models that share an attribute's object go on sharing one; that of the case stays as it is.
  const renamed = new Map<Attribute, Attribute>();
  for (const model of Object.values(sequelize.models)) {
    const held = model as unknown as Held;
    held.tableName = rename(held.tableName);
    if (held._schema) held._schema = rename(held._schema);
    for (const [name, attribute] of Object.entries(held.rawAttributes)) {
      const own = renamed.get(attribute) ?? renamedAttribute(attribute, name, rename);
      renamed.set(attribute, own);
      held.rawAttributes[name] = own;
    }
    held._indexes = held._indexes.map((index) =>
      index.name ? { ...index, name: rename(index.name) } : index,
    );
    for (const association of Object.values(held.associations))
      for (const field of FIELDS)
        if (typeof association[field] === 'string') association[field] = rename(association[field]);
  }
}

/** Where an association remembers columns. */
const FIELDS = ['targetKeyField', 'sourceKeyField', 'identifierField', 'foreignIdentifierField'];

function renamedAttribute(attribute: Attribute, name: string, rename: Renaming['rename']): Attribute {
  const field = typeof attribute['field'] === 'string' ? attribute['field'] : name;
  const { references } = attribute;
  return {
    ...attribute,
    field: rename(field),
    ...(typeof references === 'object' &&
      references !== null && { references: renamedReference(references, rename) }),
  };
}

function renamedReference(references: object, rename: Renaming['rename']): object {
  const { model, key } = references as { readonly model?: unknown; readonly key?: unknown };
  return {
    ...references,
    ...(typeof model === 'string' && { model: rename(model) }),
    ...(isTable(model) && {
      model: {
        ...model,
        tableName: rename(model.tableName),
        ...(model.schema !== undefined && { schema: rename(model.schema) }),
      },
    }),
    ...(typeof key === 'string' && { key: rename(key) }),
  };
}

/** A model is a class, which is no object here. */
const isTable = (model: unknown): model is { readonly tableName: string; readonly schema?: string } =>
  typeof model === 'object' && model !== null && 'tableName' in model;
