import { groupBy } from '../group-by';
import type { RowLimits } from '../changes/change';
import type { Refusal, RefusalCode } from '../finding';
import { cannotBeNull } from '../repair/key-specification';
import { tableId } from '../names';
import type { Settings } from '../options';
import type { MeasuredRelation, OrphanCount, Snapshot } from '../snapshot';
import { standingInTheWay } from './reach';
import { hasTarget } from '../pair';

/** What happens to the orphans of one relation. */
export type Verdict =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'clean'; readonly strategy: 'delete' | 'nullify'; readonly count: OrphanCount }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** What repairs may ask: the settings, and the verdict about a relation's rows. */
export interface Policy {
  readonly settings: Settings;
  readonly snapshot: Snapshot;
  verdict(pair: MeasuredRelation): Verdict;
}

/** Judges every relation once: each by itself first, then each table as a whole (the circuit breaker). */
export function createPolicy(snapshot: Snapshot, settings: Settings): Policy {
  const first = new Map(snapshot.relations.map((pair) => [pair, judge(pair, snapshot, settings)]));
  const byTable = groupBy(first, ([pair]) => tableId(pair.childName));
  const tripped = new Map(
    [...byTable].map(([table, entries]) => [
      table,
      breaker(
        table,
        entries.map(([, verdict]) => verdict),
        settings.limits,
      ),
    ]),
  );
  return {
    settings,
    snapshot,
    verdict(pair) {
      const own = first.get(pair) ?? judge(pair, snapshot, settings);
      const refusal = own.kind === 'clean' ? tripped.get(tableId(pair.childName)) : undefined;
      return refusal ? { kind: 'refused', refusal } : own;
    },
  };
}

function judge(pair: MeasuredRelation, snapshot: Snapshot, settings: Settings): Verdict {
  const { orphans, relation } = pair;
  if (orphans === 'trusted') return { kind: 'nothing' };
  if (typeof orphans === 'string')
    return refused('NOT_MEASURED', '', `the rows of ${relation.id} could not be looked at (${orphans})`);
  if (orphans.rows === 0) return { kind: 'nothing' };
  if (snapshot.catalog.server.inRecovery)
    return refused('STANDBY', '', 'this server is a standby; its parents may be behind');
  if (pair.rivals.some((key) => !hasTarget(key, relation, pair.parentName)))
    return refused(
      'ROWS_OF_OTHER_TARGET',
      '',
      `another key on ${relation.id} says that these rows have a parent elsewhere`,
    );
  const strategy =
    relation.orphanPolicy === 'auto' ? automatic(pair, orphans) : chosen(pair, relation.orphanPolicy);
  if (strategy.kind === 'refused') return strategy;
  if (orphans.parentIsEmpty && settings.limits.fraction < 1)
    return refused(
      'EMPTY_PARENT',
      'limits: { fraction: 1 }',
      `${tableId(pair.parentName)} is empty, so every row of ${tableId(pair.childName)} looks orphaned`,
    );
  return (
    standingInTheWay(pair, strategy.strategy, snapshot, settings) ?? {
      kind: 'clean',
      strategy: strategy.strategy,
      count: orphans,
    }
  );
}

type Strategy =
  | { readonly kind: 'strategy'; readonly strategy: 'delete' | 'nullify' }
  | (Verdict & { readonly kind: 'refused' });

/** The strategy that a user asked for by name. */
function chosen(pair: MeasuredRelation, policy: 'delete' | 'nullify' | 'keep'): Strategy {
  if (policy === 'keep')
    return refused(
      'KEEP',
      optionFor(pair.relation.id, 'orphans'),
      `the option ${pair.relation.orphanOption} says to keep the orphans of ${pair.relation.id}`,
    );
  if (policy === 'nullify' && cannotBeNull(pair)) return setNullOnNotNull(pair);
  return { kind: 'strategy', strategy: policy };
}

/** `orphans: 'auto'`: the action that is enforced decides, and nothing that is only a default does. */
function automatic(pair: MeasuredRelation, orphans: OrphanCount): Strategy {
  const { relation, rivals } = pair;
  const { enforce, source } = relation.wanted.onDelete;
  const option = optionFor(relation.id, 'orphans');
  if (source === 'contradiction')
    return refused('CONTRADICTION', option, `the models name different ON DELETE actions for ${relation.id}`);
  if (enforce === 'any')
    return refused(
      'DEFAULT_ACTION',
      `onDelete in the model, or ${option}`,
      `nobody wrote an ON DELETE action for ${relation.id}; ${relation.onDelete.resolved} is only a default`,
    );
  if (enforce !== 'CASCADE' && enforce !== 'SET NULL')
    return refused(
      'ACTION_FORBIDS',
      option,
      `ON DELETE ${enforce} ${enforce === 'SET DEFAULT' ? 'would give these rows another parent' : 'says that parents with children stay'}, so it cannot say what to do with rows whose parent is gone`,
    );
  const live = rivals.find((key) => key.onDelete !== enforce);
  if (live)
    return refused(
      'LIVE_KEY_DISAGREES',
      option,
      `the live key "${live.name}" says ON DELETE ${live.onDelete}, and ${enforce} is wanted`,
    );
  if (enforce === 'SET NULL' && cannotBeNull(pair)) return setNullOnNotNull(pair);
  if (orphans.sentinelRows > 0)
    return refused(
      'SENTINEL_KEYS',
      option,
      `${orphans.sentinelRows} of the orphans ${orphans.sentinelRows === 1 ? 'has' : 'have'} a placeholder (0, -1, an empty string or the nil uuid) for a key`,
    );
  const discriminator = polymorphicSibling(pair);
  if (discriminator)
    return refused(
      'POLYMORPHIC',
      option,
      `"${discriminator}" beside the column suggests that the rows may belong to other tables`,
    );
  return { kind: 'strategy', strategy: enforce === 'CASCADE' ? 'delete' : 'nullify' };
}

/** The option that decides for one relation, as it would be written. */
const optionFor = (relation: string, option: string): string =>
  `relations: { '${relation}': { ${option}: 'delete' | 'nullify' | 'keep' } }`;

const setNullOnNotNull = ({ relation }: MeasuredRelation) =>
  refused(
    'SET_NULL_ON_NOT_NULL',
    optionFor(relation.id, 'orphans'),
    `${relation.childColumns.join(', ')} is NOT NULL, so it cannot be set to null`,
  );

/** `commentableId` beside `commentableType`: an undeclared polymorphic association. */
function polymorphicSibling({ child, relation }: MeasuredRelation): string | undefined {
  const [column] = relation.childColumns;
  if (column === undefined || relation.childColumns.length > 1) return undefined;
  const siblings = [column.replace(/_?id$/i, '_type'), column.replace(/_?id$/i, 'Type')].filter(
    (name) => name !== column,
  );
  return child?.columns.find(({ name }) => siblings.includes(name))?.name;
}

function breaker(table: string, verdicts: readonly Verdict[], limits: RowLimits): Refusal | undefined {
  const counts = verdicts.flatMap((verdict) => (verdict.kind === 'clean' ? [verdict.count] : []));
  const rows = counts.reduce((sum, count) => sum + count.rows, 0);
  const all = counts[0]?.childRows ?? 0;
  // Divided, and not multiplied: 100 * 0.29 is less than 29.
  if (rows <= limits.rows || rows / all <= limits.fraction) return undefined;
  return {
    code: 'LIMIT',
    option: 'limits: { rows, fraction }',
    message: `${rows} of the ${all} rows of ${table} would go, more than ${limits.rows} and more than ${limits.fraction * 100} % of it`,
  };
}

function refused(code: RefusalCode, option: string, message: string): Verdict & { readonly kind: 'refused' } {
  return { kind: 'refused', refusal: { code, option, message } };
}
