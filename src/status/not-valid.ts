import { readCatalog } from '../catalog/read';
import type { Catalog, ForeignKey, Server } from '../catalog/catalog';
import type { Session } from '../db';
import type { Expected } from '../expected';
import type { Place } from '../finding';
import type { Settings } from '../options';
import { pair } from '../pairing/pair';
import { applyPolicy } from '../policy/wanted';
import type { TableName } from '../schema';
import type { NotValidKey } from './status';

/** Every key that is NOT VALID, in all schemas; those of partitions are told with the key of the whole. */
export async function readNotValid(
  session: Session,
  server: Server,
  expected: Expected,
  settings: Settings,
): Promise<readonly NotValidKey[]> {
  const catalog = await readCatalog(session, server);
  const relationOf = relations(catalog, expected, settings);
  return catalog.foreignKeys
    .filter(({ validated, inherited }) => !validated && !inherited)
    .map((key) => {
      const relation = relationOf.get(key.oid);
      return {
        constraint: key.name,
        child: place(key.child, key.childColumns),
        parent: place(key.parent, key.parentColumns),
        ...(relation !== undefined && { relation }),
        enforced: key.enforced,
      };
    });
}

/** The models' relations by the keys on their columns, those that the options exclude included. */
function relations(
  catalog: Catalog,
  expected: Expected,
  settings: Settings,
): ReadonlyMap<ForeignKey['oid'], string> {
  const all = { ...expected, relations: [...expected.relations, ...(expected.others ?? [])] };
  return new Map(
    pair(applyPolicy(all, settings), [], catalog).relations.flatMap(({ relation, holder, rivals }) =>
      [...(holder ? [holder] : []), ...rivals].map(({ oid }) => [oid, relation.id] as const),
    ),
  );
}

const place = ({ schema, name }: TableName, columns: readonly string[]): Place => ({
  schema,
  table: name,
  columns,
});
