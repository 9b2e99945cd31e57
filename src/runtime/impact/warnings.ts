import type { Catalog } from '../../catalog/catalog';
import type { DeleteTriggers } from '../../catalog/delete-triggers';
import { tableId } from '../../names';
import { acts } from '../../pairing/live-key';
import { isIndexed } from '../../repair/lookup';
import type { Acting } from './acting';
import { tableOfRow, type Followed } from './follow';

/** What to know beside the counts. */
export function warningsOf(
  { fired, fates }: Followed,
  { origin }: DeleteTriggers,
  acting: Acting,
  catalog: Catalog,
): readonly string[] {
  const slow = [...fired]
    .map((one) => acting.whole(one))
    .filter(({ child, childColumns }) => !isIndexed(acting.named(child), childColumns, catalog.tables))
    .map(
      ({ name, child, childColumns }) =>
        `${name} has no index on ${tableId(child)} (${childColumns.join(', ')}): the delete reads the whole table for each row that goes.`,
    );
  const gone = new Set(
    [...fates].flatMap(([row, { deleted }]) =>
      deleted ? acting.kin(acting.table(tableOfRow(row))).map(({ name }) => tableId(name)) : [],
    ),
  );
  const idle = catalog.foreignKeys
    .filter((key) => !key.inherited && !acts(key) && gone.has(tableId(key.parent)))
    .map(
      ({ name, child, enforced }) =>
        `${name} of ${tableId(child)} ${enforced ? 'has a trigger that is off' : 'is NOT ENFORCED'}: rows of it may be left without a parent.`,
    );
  return [
    ...(origin || fates.size === 0
      ? []
      : ['session_replication_role is replica: no foreign key acts in this session.']),
    ...new Set([...slow, ...idle]),
  ];
}
