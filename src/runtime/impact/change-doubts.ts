import type { Catalog } from '../../catalog/catalog';
import { readChangeWatchers, type ChangeWatchers } from '../../catalog/change-watchers';
import type { Session } from '../../db';
import { changedBy } from '../../delete-action';
import { groupBy } from '../../group-by';
import { tableId } from '../../names';
import { keysOnto } from '../../policy/reach';
import { movesRows } from '../../policy/row-movement';
import type { Acting } from './acting';
import type { ActingKey } from './fate';
import type { ImpactDoubt } from './impact';

/** What could have a say in the rows that SET NULL and SET DEFAULT change. */
export async function changeDoubts(
  session: Session,
  changing: readonly ActingKey[],
  acting: Acting,
  catalog: Catalog,
): Promise<readonly ImpactDoubt[]> {
  const doubts: ImpactDoubt[] = [];
  const once = [...groupBy(changing, ({ trigger }) => trigger.whole).values()].flatMap(
    ([first]) => first ?? [],
  );
  for (const one of once) {
    const names = acting.kin(acting.named(one.key.child)).map(({ name }) => name);
    const watchers = await readChangeWatchers(session, catalog.server.version, names);
    doubts.push(...byWatchers(one, watchers), ...byKeys(one, catalog));
    if (becomesNull(one, watchers)) doubts.push(...byNotNull(one, acting));
  }
  return doubts;
}

/** CHECK constraints and the like: evaluating them is the delete's own business. */
function byWatchers(one: ActingKey, watchers: ChangeWatchers): readonly ImpactDoubt[] {
  const { key } = one;
  const changed = changedBy(key);
  const touches = (columns: readonly string[]): boolean =>
    columns.length === 0 || columns.some((column) => changed.includes(column));
  const isNull = becomesNull(one, watchers);
  const judges = watchers.judges.filter(
    ({ kind, nullsAlike, columns }) => touches(columns) && (kind !== 'unique' || nullsAlike || !isNull),
  );
  const table = tableId(key.child);
  const told = (kind: ImpactDoubt['kind'], what: string): ImpactDoubt => ({
    kind,
    table,
    message: `${key.name} changes ${changed.join(', ')} of ${table}, and ${what}.`,
  });
  return [
    ...judges.map(({ name }) => told('check', `${name} may refuse that`)),
    ...(watchers.domains.some((column) => changed.includes(column))
      ? [told('check', 'its domain may refuse that')]
      : []),
    ...(isNull ? [] : [told('default', 'whether its default has a parent then is not looked into')]),
  ];
}

const becomesNull = ({ key, trigger }: ActingKey, { defaults }: ChangeWatchers): boolean =>
  trigger.action === 'SET NULL' || changedBy(key).every((column) => !(column in defaults));

/** A partition may be stricter than its whole; and no default is null. */
const byNotNull = ({ key }: ActingKey, acting: Acting): readonly ImpactDoubt[] =>
  acting
    .kin(acting.named(key.child))
    .filter(({ columns }) => columns.some(({ name, notNull }) => notNull && changedBy(key).includes(name)))
    .map(({ name }) => ({
      kind: 'check',
      table: tableId(name),
      message: `${key.name} sets a column of ${tableId(name)} to null that may not be null there.`,
    }));

/** Other keys that rest on what is changed. */
function byKeys({ key }: ActingKey, catalog: Catalog): readonly ImpactDoubt[] {
  const change = { table: key.child, columns: changedBy(key) };
  const table = tableId(key.child);
  const told = (message: string): ImpactDoubt => ({ kind: 'key', table, message });
  const strict = catalog.foreignKeys.filter(
    ({ child, matchFull, childColumns, inherited }) =>
      !inherited &&
      matchFull &&
      tableId(child) === table &&
      childColumns.some((column) => change.columns.includes(column)) &&
      childColumns.some((column) => !change.columns.includes(column)),
  );
  return [
    ...keysOnto([change], catalog).map(({ name, child }) =>
      told(
        `${key.name} changes rows of ${table} that ${name} of ${tableId(child)} points at: its ON UPDATE is not followed.`,
      ),
    ),
    ...strict.map(({ name }) =>
      told(`${key.name} changes a part of ${name} of ${table}, which is MATCH FULL and may refuse that.`),
    ),
    ...(movesRows(change, catalog)
      ? [
          told(
            `${key.name} changes what ${table} is partitioned by: rows may move to another partition, or find none.`,
          ),
        ]
      : []),
  ];
}
