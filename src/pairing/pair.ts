import { indexOf, type CatalogIndex } from './catalog-index';
import { agrees, disagreement, pointsTheWrongWay } from './claims';
import { bestFirst, hasTarget, isExactly } from './live-key';
import { sameNameSet, sameTable, tableId } from '../names';
import type { WantedRelation } from '../policy/wanted';
import type { Catalog, ForeignKey, UniqueIndex } from '../catalog/catalog';
import type { ModelTable } from '../expected';
import type { TableName } from '../schema';
import { withNewKeyNames } from './new-key-names';
import type { PairedPartition, PairedRelation, Pairs } from '../snapshot';

/** Puts the models beside the catalog. Identity is (schema, table, columns), never a constraint's name. */
export function pair(
  relations: readonly WantedRelation[],
  models: readonly ModelTable[],
  catalog: Catalog,
): Pairs {
  const index = indexOf(catalog);
  const paired = pairRelations(relations, models, catalog);
  const claimed = new Set(
    paired.flatMap(({ holder, rivals, elsewhere, otherParents }) => [
      ...(holder ? [holder.oid] : []),
      ...rivals.map(({ oid }) => oid),
      ...elsewhere
        .filter(({ parent }) => otherParents.some((name) => sameTable(name, parent)))
        .map(({ oid }) => oid),
    ]),
  );
  const tables = models.map((model) => {
    const name = index.resolve(model.table);
    return { model, name, ...present('table', index.table(name)) };
  });
  const owned = new Set(tables.map(({ name }) => tableId(name)));
  const unclaimed = catalog.foreignKeys.filter(
    (key) => !key.inherited && owned.has(tableId(key.child)) && !claimed.has(key.oid),
  );
  return { catalog, relations: paired, tables, unclaimed };
}

/** The relations alone, for those that are looked at beside the models' own. */
export function pairRelations(
  relations: readonly WantedRelation[],
  models: readonly ModelTable[],
  catalog: Catalog,
): readonly PairedRelation[] {
  if (relations.length === 0) return [];
  const index = indexOf(catalog);
  const modelOf = new Map(models.map((model) => [model.model, model]));
  return withNewKeyNames(
    relations.map((relation) => pairRelation(relation, modelOf.get(relation.model), index)),
  );
}

function pairRelation(
  relation: WantedRelation,
  model: ModelTable | undefined,
  index: CatalogIndex,
): Omit<PairedRelation, 'newKeyName'> {
  const childName = index.resolve(relation.child);
  const parentName = index.resolve(relation.parent);
  const parent = index.table(parentName);
  const child = index.table(childName);
  const keys = keysOn(childName, relation, index);
  const holder = keys.filter((key) => isExactly(key, relation, parentName)).sort(bestFirst(relation))[0];
  const claims = disagreement(relation, parentName, index.resolve);
  return {
    relation,
    childName,
    parentName,
    ...present('child', child),
    ...present('parent', parent),
    ...present(
      'target',
      parent?.uniqueIndexes.find((candidate) => isUsable(candidate, relation.parentColumns)),
    ),
    ...present('holder', holder),
    ...besideHolder(keys, holder, relation, parentName),
    ...(child?.kind === 'partitioned table' && { partitions: partitionsOf(childName, relation, index) }),
    claims,
    otherParents: distinct(
      claims.flatMap((claim) => (agrees(claim, relation, parentName) ? [] : [claim.parent])),
    ),
    wrongWay: pointsTheWrongWay(relation, model, child),
  };
}

function besideHolder(
  keys: readonly ForeignKey[],
  holder: ForeignKey | undefined,
  relation: WantedRelation,
  parent: TableName,
): Pick<PairedRelation, 'rivals' | 'elsewhere'> {
  const others = keys.filter((key) => key !== holder).sort((a, b) => a.oid - b.oid);
  if (!keys.some((key) => hasTarget(key, relation, parent))) return { rivals: others, elsewhere: [] };
  return {
    rivals: others.filter((key) => hasTarget(key, relation, parent)),
    elsewhere: others.filter((key) => !hasTarget(key, relation, parent)),
  };
}

const keysOn = (table: TableName, { childColumns }: WantedRelation, index: CatalogIndex) =>
  index.keysOf(table).filter((key) => sameNameSet(key.childColumns, childColumns));

const partitionsOf = (
  table: TableName,
  relation: WantedRelation,
  index: CatalogIndex,
): readonly PairedPartition[] =>
  index.partitionsOf(table).flatMap((name) => {
    const partition = index.table(name);
    return partition
      ? [
          {
            table: partition,
            keys: keysOn(name, relation, index),
            parts: partitionsOf(name, relation, index),
          },
        ]
      : [];
  });

/** What PostgreSQL accepts under a foreign key (42830 otherwise). */
export const isUsable = (index: UniqueIndex, columns: readonly string[]): boolean =>
  index.valid && !index.partial && !index.deferrable && sameNameSet(index.columns, columns);

const distinct = (names: readonly TableName[]): readonly TableName[] => [
  ...new Map(names.map((name) => [tableId(name), name])).values(),
];

const present = <Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [K in Key]?: Value } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value };
