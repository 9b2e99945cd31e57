import type { SyncScope } from './port';
import type { Expected, Relation } from '../expected';
import type { TableReference } from '../schema';

/** The part of the models that a sync touches: its own tables, and the relations that end at one of them; the rest as `others`. */
export function within(expected: Expected, { models, schema }: SyncScope): Expected {
  const tables = expected.tables.filter(({ model }) => models === undefined || models.includes(model));
  const touched = new Set(tables.map(({ table }) => JSON.stringify(table)));
  const isTouched = (table: TableReference): boolean => touched.has(JSON.stringify(table));
  const others = expected.others ?? [];
  if (schema === undefined) {
    const isOurs = ({ child, parent }: Relation): boolean => isTouched(child) || isTouched(parent);
    const relations = expected.relations.filter(isOurs);
    const ours = new Set(relations);
    return {
      tables,
      relations,
      others: [...others, ...expected.relations.filter((relation) => !ours.has(relation))],
      unconstrained: (expected.unconstrained ?? []).filter(isOurs),
    };
  }
  const move = (table: TableReference): TableReference =>
    models === undefined ? follow(table, schema) : { ...table, schema };
  return {
    tables: tables.map((model) => ({ ...model, table: move(model.table) })),
    // Only the copies' own keys: the rows of another schema are never judged by a copy of their parent.
    relations: expected.relations
      .filter(({ child }) => isTouched(child))
      .map((relation) => inSchema(relation, move, schema)),
    others: [...others, ...expected.relations].flatMap((relation) => [
      relation,
      inSchema(relation, (table) => follow(table, schema), schema),
    ]),
  };
}

/** Every place that names a parent moves with it, or the places would seem to contradict each other. */
const inSchema = (
  relation: Relation,
  move: (table: TableReference) => TableReference,
  schema: string,
): Relation => ({
  ...relation,
  child: move(relation.child),
  parent: follow(relation.parent, schema),
  declarations: relation.declarations.map(({ parent, ...rest }) => ({
    ...rest,
    ...(parent && { parent: follow(parent, schema) }),
  })),
});

/** As in Sequelize's DDL: a table without a schema of its own follows the child, one that has a schema stays there. */
const follow = (table: TableReference, schema: string): TableReference =>
  table.schema === undefined ? { ...table, schema } : table;
