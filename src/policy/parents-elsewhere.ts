import { tableId } from '../names';
import { hasTarget } from '../pairing/live-key';
import type { MeasuredRelation, Snapshot } from '../snapshot';
import { partitionTree } from './partition-tree';
import { refused, type Refused } from './refused';

/** Why rows without a parent in the table that was looked at may have one all the same; no option about rows lifts it. */
export const parentsElsewhere = (pair: MeasuredRelation, snapshot: Snapshot): Refused | undefined =>
  standby(snapshot) ?? subscribed(pair, snapshot) ?? ambiguous(pair, snapshot);

const standby = ({ catalog }: Snapshot): Refused | undefined =>
  catalog.server.inRecovery
    ? refused('STANDBY', '', 'this server is a standby; its parents may be behind')
    : undefined;

/**
 * A subscription copies its tables side by side, and several of them are not in step: a child can be here before its
 * parent. A row that is deleted here is still on the other server, whose next change of it would find nothing.
 */
function subscribed({ childName, parentName }: MeasuredRelation, { catalog }: Snapshot): Refused | undefined {
  const { isPartOf } = partitionTree(catalog);
  const found = catalog.tables.find(
    (table) =>
      table.subscribed &&
      [childName, parentName].some((name) => isPartOf(table.name, name) || isPartOf(name, table.name)),
  );
  return (
    found &&
    refused(
      'SUBSCRIBED',
      '',
      `${tableId(found.name)} is filled by a subscription, which can bring a child before its parent; clean up on the publisher, or drop the subscription when it has ended`,
    )
  );
}

/**
 * The models name no schema and the search_path has led to two of them: a table that all tenants share, beside the
 * parents of one tenant. Those of the others are in a table of the same name. A live key says which one is meant.
 */
function ambiguous(pair: MeasuredRelation, { catalog }: Snapshot): Refused | undefined {
  const { relation, childName, parentName, holder, rivals } = pair;
  if (relation.parent.schema !== undefined) return undefined;
  if (childName.schema === parentName.schema && !relation.parentOfTenants) return undefined;
  if ([...(holder ? [holder] : []), ...rivals].some((key) => hasTarget(key, relation, parentName)))
    return undefined;
  const others = catalog.tables.filter(
    ({ name }) => name.name === parentName.name && name.schema !== parentName.schema,
  );
  return others[0]
    ? refused(
        'AMBIGUOUS_PARENT',
        `schema: '${parentName.schema}' in the parent's model`,
        `the search_path makes ${tableId(parentName)} the parent of ${tableId(childName)}, and there is ${tableId(others[0].name)} too`,
      )
    : undefined;
}
