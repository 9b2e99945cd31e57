import type { Expected, Relation } from '../expected';
import type { TableReference } from '../schema';
import type { Scope } from './scope';

type Move = (table: TableReference) => TableReference;

/** Tables of a tenant are named with its schema; so none can be found in another one, whatever the search_path says. */
const into =
  (schema: string, { isTenants }: Scope): Move =>
  (table) =>
    isTenants(table) ? { ...table, schema } : table;

/** What the models ask of one tenant: of the tables in its schema, beside whatever they refer to. */
export function tenantsOwn(expected: Expected, schema: string, scope: Scope): Expected {
  const move = into(schema, scope);
  const isOwn = ({ child }: Relation): boolean => scope.isTenants(child);
  const moved = (relation: Relation): Relation => movedRelation(relation, move);
  return {
    tables: expected.tables
      .filter(({ table }) => scope.isTenants(table))
      .map((model) => ({ ...model, table: move(model.table) })),
    relations: expected.relations.filter(isOwn).map(moved),
    others: [...(expected.others ?? []), ...expected.relations.filter((relation) => !isOwn(relation))].map(
      moved,
    ),
    unconstrained: (expected.unconstrained ?? []).filter(isOwn).map(moved),
  };
}

/** What they ask of tables that all tenants share. */
export function sharedByAll(expected: Expected, { isTenants }: Scope): Expected {
  const isShared = ({ child }: Relation): boolean => !isTenants(child);
  return {
    tables: expected.tables.filter(({ table }) => !isTenants(table)),
    relations: expected.relations
      .filter(isShared)
      .map((relation) => (isTenants(relation.parent) ? { ...relation, parentOfTenants: true } : relation)),
    others: (expected.others ?? []).filter(isShared),
    unconstrained: (expected.unconstrained ?? []).filter(isShared),
  };
}

/** The same with what each tenant's rows ask of shared parents: no clean-up may make orphans of them. */
export function sharedUnderTenants(expected: Expected, scope: Scope): Expected {
  const { isTenants, tenants } = scope;
  const across = [...expected.relations, ...(expected.others ?? [])].filter(
    ({ child, parent }) => isTenants(child) && !isTenants(parent),
  );
  const shared = sharedByAll(expected, scope);
  const below = tenants.flatMap(({ name }) =>
    across.map((relation) => movedRelation(relation, into(name, scope))),
  );
  return { ...shared, others: [...(shared.others ?? []), ...below] };
}

/** Every place that names a parent moves with it, or the places would seem to contradict each other. */
const movedRelation = (relation: Relation, move: Move): Relation => ({
  ...relation,
  child: move(relation.child),
  parent: move(relation.parent),
  declarations: relation.declarations.map(({ parent, ...rest }) => ({
    ...rest,
    ...(parent && { parent: move(parent) }),
  })),
});
