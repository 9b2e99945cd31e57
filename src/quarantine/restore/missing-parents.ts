import { text } from '../../catalog/row';
import { tableId } from '../../names';
import { qualified, sql, type Sql } from '../../sql';
import { idList, type Copy } from './copies';
import { stillMissing, type Reason } from './reason';
import type { Target } from './target';
import { isParentCopy, isParentRow, pointsSomewhere, type TargetKey } from './target-keys';
import type { RestoreTask } from './task';

/** Copies of one table whose values are known to fit its columns. */
export interface Waiting {
  readonly target: Target;
  readonly copies: readonly Pick<Copy, 'id' | 'action' | 'changed'>[];
}

/** Which copies can come back together, as far as keys are concerned, and why the other ones cannot. */
export interface Parents {
  readonly lacking: ReadonlyMap<string, Reason>;
  /** Copies that can come back, and what they point at among those that are not there yet. */
  readonly possible: ReadonlyMap<string, readonly string[]>;
}

/**
 * Looks for the parents of copies: in the tables, and among the copies themselves, which may need each other in a circle.
 * What is left when every copy without a parent is taken away, and then those that needed it, can come back in one
 * statement. Keys with the names in `ignored` do not count.
 */
export async function findParents(
  task: Pick<RestoreTask, 'session' | 'ledger'>,
  waiting: readonly Waiting[],
  ignored: readonly string[] = [],
): Promise<Parents> {
  const needs: Need[] = [];
  for (const { target, copies } of waiting)
    for (const key of target.keys.filter(({ name }) => !ignored.includes(name)))
      needs.push(...(await readNeeds(task, copies.filter(comesBackWith(key)), key, waiting)));
  const all = waiting.flatMap(({ copies }) => copies.map(({ id }) => id));
  return withoutTheLost(all, needs);
}

/** A copy whose parent is not in its table, and the copies that may be it. */
interface Need {
  readonly id: string;
  readonly key: string;
  readonly parents: readonly string[];
}

const child = sql`"fk_guard_child"`;
const parent = sql`"fk_guard_parent_row"`;

/** A changed row only has to have a parent by what it gets back. */
const comesBackWith =
  ({ parts }: TargetKey) =>
  ({ action, changed }: Waiting['copies'][number]): boolean =>
    action === 'delete' || parts.some(({ child: column }) => changed.includes(column));

async function readNeeds(
  { session, ledger }: Pick<RestoreTask, 'session' | 'ledger'>,
  copies: Waiting['copies'],
  key: TargetKey,
  waiting: readonly Waiting[],
): Promise<readonly Need[]> {
  const parents = waiting
    .filter(({ target }) => tableId(target.name) === tableId(key.parent))
    .flatMap((own) => own.copies.filter(({ action }) => action === 'delete'));
  if (copies.length === 0) return [];
  const rows = await session.query(needsQuery(ledger, key), [
    idList(copies.map(({ id }) => id)),
    idList(parents.map(({ id }) => id)),
  ]);
  const found = new Map<string, string[]>();
  for (const row of rows) {
    const own = found.get(text(row, 'id')) ?? [];
    if (typeof row['parent'] === 'string') own.push(row['parent']);
    found.set(text(row, 'id'), own);
  }
  return [...found].map(([id, ids]) => ({ id, key: key.name, parents: ids }));
}

const needsQuery = (ledger: Sql, key: TargetKey): Sql => sql`
  with without as materialized (
    select ${child}.id, ${child}.row_data from ${ledger}.quarantine ${child}
     where ${child}.id = any ($1::bigint[]) and ${pointsSomewhere(child, key)}
       and not exists (select from ${qualified(key.parent)} as ${parent} where ${isParentRow(parent, child, key)})),
  parents as materialized (select p.id, p.row_data from ${ledger}.quarantine p where p.id = any ($2::bigint[]))
  select ${child}.id, ${parent}.id as parent
    from without as ${child} left join parents as ${parent} on ${isParentCopy(parent, child, key)}`;

function withoutTheLost(all: readonly string[], needs: readonly Need[]): Parents {
  const lacking = new Map<string, Reason>();
  const neededBy = new Map<string, Need[]>();
  const left = new Map(needs.map((need) => [need, need.parents.length]));
  for (const need of needs) for (const id of need.parents) neededBy.set(id, push(neededBy.get(id), need));
  const queue = needs.filter(({ parents }) => parents.length === 0);
  for (let need = queue.pop(); need; need = queue.pop()) {
    if (lacking.has(need.id)) continue;
    lacking.set(need.id, stillMissing(need.key));
    for (const other of neededBy.get(need.id) ?? []) {
      const rest = (left.get(other) ?? 0) - 1;
      left.set(other, rest);
      if (rest === 0) queue.push(other);
    }
  }
  const possible = new Map<string, string[]>(all.flatMap((id) => (lacking.has(id) ? [] : [[id, []]])));
  for (const { id, parents } of needs) possible.get(id)?.push(...parents.filter((one) => possible.has(one)));
  return { lacking, possible };
}

function push<Item>(list: Item[] = [], item: Item): Item[] {
  list.push(item);
  return list;
}
