import { groupBy } from '../group-by';
import type { TableReference } from '../schema';
import type { WrittenDeclarations } from './declarations';
import { childOf, sidesOf, type AssociationSide } from './sequelize6';
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
  /** Associations without `as`, whose name a later one may take: by the child's attributes, those of join tables together. */
  readonly unnamed: ReadonlyMap<object | 'join', readonly AssociationLike[]>;
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
    unnamed: groupBy(unnamed, (association) => childOf(association)?.rawAttributes ?? 'join'),
  };
}
