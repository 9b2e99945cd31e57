import type { ForeignKey } from '../../catalog/catalog';
import type { KeyTrigger } from '../../catalog/delete-triggers';
import { changedBy } from '../../delete-action';

/** A key that acts on a delete, and what it would do to a child. */
export interface ActingKey {
  readonly trigger: KeyTrigger;
  readonly key: ForeignKey;
  /** True when SET NULL would meet a column that may not be null. */
  readonly impossible: boolean;
}

/** One row that refers to a row that goes. `order` is the trigger's place among those of that row. */
export interface Match {
  readonly parent: string;
  readonly child: string;
  readonly order: number;
  readonly acting: ActingKey;
}

/** What comes to a row. */
export interface Fate {
  deleted?: { readonly level: number; readonly acting?: ActingKey };
  /** In their order; a row that goes after all no longer counts as changed. */
  readonly changed: { readonly level: number; readonly acting: ActingKey }[];
  /** Keys that would refuse over this row. */
  readonly blocks: ActingKey[];
}

/** Rows by their place. */
export type Fates = Map<string, Fate>;

/**
 * Lets the triggers of one round act on one row. PostgreSQL queues what a delete sets off and works the queue off in
 * rounds: what a round deletes queues its own triggers for the next one. Of one parent they fire in the order of their
 * names. Returns true when the outcome hangs on the order of several parents, which nobody can tell.
 */
export function settle(matches: readonly Match[], fates: Fates, level: number): boolean {
  const [first] = matches;
  if (!first) return false;
  const known = fates.get(first.child);
  if (known?.deleted) return false;
  const fate: Fate = known ?? { changed: [], blocks: [] };
  const left = matches.filter(({ acting }) => stillRefers(fate, acting));
  for (const { acting } of [...left].sort((a, b) => a.order - b.order)) act(fate, acting, level);
  if (fate.deleted || fate.changed.length > 0 || fate.blocks.length > 0) fates.set(first.child, fate);
  return new Set(left.map(({ parent }) => parent)).size > 1 && orderMatters(left);
}

function act(fate: Fate, acting: ActingKey, level: number): void {
  if (fate.deleted || !stillRefers(fate, acting)) return;
  const { trigger, impossible } = acting;
  if (trigger.action === 'CASCADE') fate.deleted = { level, acting };
  else if (impossible || trigger.action === 'NO ACTION' || trigger.action === 'RESTRICT')
    fate.blocks.push(acting);
  else fate.changed.push({ level, acting });
}

/** False once an earlier SET NULL has taken a part of the key away: no trigger finds the row by it any more. */
export const stillRefers = ({ changed }: Fate, { key }: ActingKey): boolean =>
  !changed.some(({ acting }) => sharesColumns(acting.key, key));

const sharesColumns = (changing: ForeignKey, key: ForeignKey): boolean =>
  changedBy(changing).some((column) => key.childColumns.includes(column));

const refuses = ({ trigger, impossible }: ActingKey): boolean =>
  impossible || trigger.action === 'NO ACTION' || trigger.action === 'RESTRICT';

const changes = ({ trigger, impossible }: ActingKey): boolean =>
  !impossible && trigger.action.startsWith('SET');

function orderMatters(matches: readonly Match[]): boolean {
  const keys = matches.map(({ acting }) => acting);
  if (keys.some(refuses) && keys.some(({ trigger }) => trigger.action === 'CASCADE')) return true;
  return matches.some(({ acting, parent }) =>
    matches.some(
      (other) => other.parent !== parent && changes(acting) && sharesColumns(acting.key, other.acting.key),
    ),
  );
}
