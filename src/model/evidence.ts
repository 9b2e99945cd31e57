import { groupBy } from '../group-by';
import type { TableReference } from '../schema';
import type { WrittenDeclarations } from './declarations';
import { childOf, sidesOf, tableOf, type AssociationSide } from './sequelize6';
import type { AssociationLike, AttributeLike, ModelLike } from './sequelize-like';

/** An attribute that references a table, with all that associations say about it. */
export interface KeyAttribute {
  readonly child: ModelLike;
  readonly name: string;
  readonly attribute: AttributeLike;
  readonly parent: TableReference;
  readonly sides: readonly AssociationSide[];
}

/** Everything from which it can be told what an author wrote. */
export interface Evidence {
  readonly written: WrittenDeclarations | undefined;
  /** By attribute object: two models that were defined with the same object share what is said about it. */
  readonly sides: ReadonlyMap<AttributeLike, readonly AssociationSide[]>;
  /** Associations that were declared with the same options object, into which Sequelize writes. */
  readonly sharing: ReadonlyMap<object, readonly AssociationLike[]>;
  /** Associations with the same `foreignKey` object: the options of one may be a copy of another's, defaults included. */
  readonly copying: ReadonlyMap<unknown, readonly AssociationLike[]>;
  /** Associations without `as`, whose name a later one may take: by the child's attributes. */
  readonly unnamed: ReadonlyMap<object | undefined, readonly AssociationLike[]>;
  /** Those of join tables, which no child is known of: by the names of the tables that they link. */
  readonly unnamedJoins: ReadonlyMap<string, readonly AssociationLike[]>;
}

/** Collects the associations of the models, and those that a record still knows after a later one took their name. */
export function gatherEvidence(
  models: readonly ModelLike[],
  written: WrittenDeclarations | undefined,
): Evidence {
  const declared = models.flatMap((model) => Object.values(model.associations));
  const associations = [...new Set([...(written?.associations.keys() ?? []), ...declared])];
  const unnamed = associations.filter(
    ({ options }) => options['as'] === undefined && options['constraints'] !== false,
  );
  return {
    written,
    sides: groupBy(associations.flatMap(sidesOf), (side) => side.attribute),
    sharing: groupBy(associations, (association) => association.options),
    copying: groupBy(
      associations.filter(({ options }) => typeof options['foreignKey'] === 'object'),
      ({ options }) => options['foreignKey'],
    ),
    unnamed: groupBy(unnamed, (association) => childOf(association)?.rawAttributes),
    unnamedJoins: byLinked(unnamed.filter((association) => childOf(association) === undefined)),
  };
}

function byLinked(joins: readonly AssociationLike[]): Evidence['unnamedJoins'] {
  const entries = joins.flatMap((join) =>
    [...new Set([join.source, join.target].map((model) => tableOf(model).name))].map((name) => ({
      name,
      join,
    })),
  );
  const byName = groupBy(entries, ({ name }) => name);
  return new Map([...byName].map(([name, found]) => [name, found.map(({ join }) => join)]));
}
