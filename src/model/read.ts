import type { DeclaredAction, Declaration, Expected, Relation } from '../expected';
import type { TableReference } from '../schema';
import { parseAction, together, type ActionName, type WrittenActions } from './action';
import { typesOf } from './column-types';
import { recordOf, type WrittenDeclarations } from './declarations';
import { declarationOfAttribute, declarationOfSide } from './declaration-text';
import { groupBy } from '../group-by';
import { gatherEvidence, type Evidence, type KeyAttribute } from './evidence';
import { writtenByAttribute, writtenBySide, type SideWriting } from './explicit';
import { modelTable } from './model-table';
import { onePerColumns } from './one-per-columns';
import { referencesOf } from './references';
import { scopedBy } from './scoped';
import {
  asksForKey,
  deferrableOf,
  modelsOf,
  parentTable,
  referencedColumn,
  referencedTable,
  storedAttributes,
  tableOf,
  type Stored,
  type StoredAttribute,
} from './sequelize6';
import type { ModelLike, SequelizeLike } from './sequelize-like';
import { unconstrained } from './unconstrained';
import { referenceId, sameReference } from './table-reference';

/**
 * What the models of a Sequelize 6 instance ask of the database. `written` is the record of an early install; without
 * one, only actions that cannot be a default of Sequelize's count as written. Throws `OPTIONS` for an unknown action.
 */
export function readModels(
  sequelize: SequelizeLike,
  written: WrittenDeclarations | undefined = recordOf(sequelize),
): Expected {
  const models = modelsOf(sequelize);
  const stored: Stored = new Map(models.map((model) => [model, storedAttributes(model)]));
  const tables = [...stored].map(([model, attributes]) => modelTable(model, attributes));
  const owners = groupBy(tables, ({ table }) => referenceId(table));
  const evidence = gatherEvidence(models, written);
  // Sequelize writes `id` where nobody named a column; only a parent that has none can mean its primary key.
  const primaryKeyOf = (table: TableReference): string => {
    const [parent] = owners.get(referenceId(table)) ?? [];
    const [column, another] = parent?.primaryKey ?? [];
    const named = column === undefined || another !== undefined || parent?.columns.includes('id');
    return named ? 'id' : column;
  };
  const relations = [...stored]
    .flatMap(([model, attributes]) =>
      attributes.flatMap((attribute) => readRelation(model, attribute, evidence, primaryKeyOf)),
    )
    .map(typesOf(stored));
  return {
    tables,
    relations: onePerColumns(relations),
    unconstrained: unconstrained(stored, evidence, relations),
  };
}

function readRelation(
  child: ModelLike,
  { name, column, attribute }: StoredAttribute,
  evidence: Evidence,
  primaryKeyOf: (table: TableReference) => string,
): readonly Relation[] {
  const references = referencesOf(attribute);
  const parent = referencedTable(child, references);
  if (!references || !parent) return [];
  const key: KeyAttribute = { child, name, attribute, parent, sides: evidence.sides.get(attribute) ?? [] };
  const { declarations, written } = readDeclarations(key, evidence);
  const deferrable = deferrableOf(references);
  const scoped = scopedBy(key.sides);
  const id = `${child.name}.${name}`;
  return [
    {
      id,
      model: child.name,
      attribute: name,
      child: tableOf(child),
      childColumns: [column],
      parent,
      parentColumns: [referencedColumn(child, references) ?? primaryKeyOf(parent)],
      onDelete: declaredAction(id, 'onDelete', attribute.onDelete, written),
      onUpdate: declaredAction(id, 'onUpdate', attribute.onUpdate, written),
      ...(deferrable && { deferrable }),
      ...(scoped !== undefined && { scoped }),
      declarations,
    },
  ];
}

/** Every place that says something about the key, and the actions that are known to be written there. */
function readDeclarations(
  key: KeyAttribute,
  evidence: Evidence,
): { declarations: readonly Declaration[]; written: WrittenActions } {
  const atAttribute = writtenByAttribute(key, evidence);
  const bySide = key.sides.map((side) => ({ side, writing: writtenBySide(side, key, evidence) }));
  const speaking = bySide.filter(({ side, writing }) => asksForKey(side.association) || says(allOf(writing)));
  // Without a record, the attribute itself must have named a parent that no association names.
  const known = evidence.written?.attributes.get(key.child);
  const named = speaking.some(
    ({ side }) =>
      asksForKey(side.association) && sameReference(parentTable(key.child, side.parent), key.parent),
  );
  const declaresItself =
    says(atAttribute) || (known ? known[key.name]?.references?.model !== undefined : !named);
  return {
    declarations: [
      ...(declaresItself || !named ? [declarationOfAttribute(key, atAttribute)] : []),
      ...speaking.map(({ side, writing }) => declarationOfSide(side, key.child, writing)),
    ],
    written: together(atAttribute, ...bySide.map(({ writing }) => allOf(writing))),
  };
}

const allOf = ({ options, model, end }: SideWriting): WrittenActions => together(options, model, end);

const says = ({ onDelete, onUpdate }: WrittenActions): boolean => onDelete.length > 0 || onUpdate.length > 0;

/** PostgreSQL's own default, NO ACTION, is what Sequelize gets where it writes nothing. */
const declaredAction = (
  id: string,
  name: ActionName,
  found: string | undefined,
  written: WrittenActions,
): DeclaredAction => ({
  resolved: parseAction(found || 'NO ACTION', id, name),
  explicit: [...new Set(written[name].map((text) => parseAction(text, id, name)))],
});
