import type { Place } from '../../finding';
import { groupBy } from '../../group-by';
import { tableId } from '../../names';
import type { TableName } from '../../schema';
import type { Situation } from '../explain/situation';
import type { Acting } from './acting';
import { changedBy } from '../../delete-action';
import type { ActingKey } from './fate';
import { tableOfRow, type Followed } from './follow';
import type { Impact, ImpactBlock, ImpactStep, ImpactTable } from './impact';

/** What the rows' fates come to, in the application's words. */
export type Summary = Pick<Impact, 'rowsDeleted' | 'rowsChanged' | 'steps' | 'tables' | 'blocks'>;

/** Adds up what was found; every row counts once. */
export function summaryOf(followed: Followed, acting: Acting, situation: Situation): Summary {
  const shares = [...sharesOf(followed, acting)];
  const named = (name: TableName) => nameIn(name, situation);
  const tables = [...groupBy(shares, ({ table }) => tableId(situation.whole(table))).values()].map(
    (parts): ImpactTable => ({
      ...named(parts[0]?.table ?? { schema: '', name: '' }),
      rowsDeleted: sum(parts.filter(({ action }) => action === 'delete')),
      rowsChanged: sum(parts.filter(({ action, again }) => action !== 'delete' && !again)),
    }),
  );
  return {
    rowsDeleted: sum(shares.filter(({ action }) => action === 'delete')),
    rowsChanged: sum(shares.filter(({ action, again }) => action !== 'delete' && !again)),
    steps: stepsOf(shares, acting, situation),
    tables,
    blocks: blocksOf(followed, acting, situation),
  };
}

/** Rows to which the same happens for the same reason. */
interface Share {
  readonly level: number;
  readonly action: ImpactStep['action'];
  readonly table: TableName;
  readonly acting: ActingKey | undefined;
  readonly rows: number;
  /** True for a row that another key has changed already. */
  readonly again: boolean;
}

function* sharesOf({ fates, counted }: Followed, acting: Acting): Iterable<Share> {
  for (const [row, { deleted, changed }] of fates) {
    const table = acting.table(tableOfRow(row)).name;
    if (deleted) {
      yield { level: deleted.level, action: 'delete', table, acting: deleted.acting, rows: 1, again: false };
      continue;
    }
    for (const [index, change] of changed.entries())
      yield { ...change, action: actionOf(change.acting), table, rows: 1, again: index > 0 };
  }
  for (const { acting: one, level, rows } of counted)
    if (!refuses(one))
      yield { level, action: actionOf(one), table: one.key.child, acting: one, rows, again: false };
}

const actionOf = ({ trigger }: ActingKey): ImpactStep['action'] =>
  trigger.action === 'CASCADE' ? 'delete' : trigger.action === 'SET NULL' ? 'set null' : 'set default';

const refuses = ({ trigger, impossible }: ActingKey): boolean =>
  impossible || trigger.action === 'NO ACTION' || trigger.action === 'RESTRICT';

const sum = (shares: readonly { readonly rows: number }[]): number =>
  shares.reduce((total, { rows }) => total + rows, 0);

const stepsOf = (shares: readonly Share[], acting: Acting, situation: Situation): readonly ImpactStep[] =>
  [
    ...groupBy(
      shares,
      ({ level, action, acting: one, table }) =>
        `${level} ${action} ${one?.trigger.whole ?? tableId(situation.whole(table))}`,
    ).values(),
  ]
    .flatMap(([first, ...rest]) => (first ? [stepOf([first, ...rest], first, acting, situation)] : []))
    .sort(
      (a, b) =>
        a.level - b.level || compare(a.table, b.table) || compare(a.constraint ?? '', b.constraint ?? ''),
    );

function stepOf(shares: readonly Share[], first: Share, acting: Acting, situation: Situation): ImpactStep {
  const { level, action, acting: one, table } = first;
  const key = one && acting.whole(one);
  const relation = key && situation.relationOn(key.child, key.childColumns)?.id;
  return {
    level,
    action,
    ...nameIn(key?.child ?? table, situation),
    ...(key && { constraint: key.name }),
    ...(relation !== undefined && { relation }),
    columns: key ? (action === 'delete' ? key.childColumns : changedBy(key)) : [],
    rows: sum(shares),
  };
}

/** A row that is in the way of two keys stands below both. */
function blocksOf(
  { fates, counted }: Followed,
  acting: Acting,
  situation: Situation,
): readonly ImpactBlock[] {
  const single = [...fates.values()].flatMap(({ blocks }) => blocks.map((one) => ({ acting: one, rows: 1 })));
  const all = [...single, ...counted.filter((one) => refuses(one.acting))];
  return [...groupBy(all, (one) => one.acting.trigger.whole).values()]
    .flatMap((parts) => (parts[0] ? [blockOf(parts[0].acting, sum(parts), acting, situation)] : []))
    .sort((a, b) => compare(tableOf(a.child), tableOf(b.child)) || compare(a.constraint, b.constraint));
}

function blockOf(one: ActingKey, rows: number, acting: Acting, situation: Situation): ImpactBlock {
  const key = acting.whole(one);
  const relation = situation.relationOn(key.child, key.childColumns)?.id;
  return {
    constraint: key.name,
    ...(relation !== undefined && { relation }),
    child: place(situation.whole(key.child), key.childColumns),
    parent: place(situation.whole(key.parent), key.parentColumns),
    rows,
    because: one.trigger.action,
    atCommit: one.trigger.deferred,
  };
}

function nameIn(name: TableName, situation: Situation): { readonly table: string; readonly model?: string } {
  const whole = situation.whole(name);
  const model = situation.modelOf(whole);
  const table = tableId(whole);
  return { table, ...(model !== undefined && model !== table && { model }) };
}

const place = ({ schema, name }: TableName, columns: readonly string[]): Place => ({
  schema,
  table: name,
  columns,
});

const tableOf = ({ schema, table }: Place): string => tableId({ schema, name: table });
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
