import { groupBy } from '../group-by';
import type { MissingParent, RowLimits, Strategy } from '../changes/change';
import type { Refusal } from '../finding';
import { tableId } from '../names';
import type { Settings } from '../options';
import type { MeasuredRelation, OrphanCount, Snapshot } from '../snapshot';
import { inDoubt } from './in-doubt';
import { standingInTheWay } from './reach';
import { refused, type Refused } from './refused';
import { takesAnotherKeyAlong } from './shared-columns';
import { strategyFor } from './strategy';
import { unfenced } from './unfenced';
import { keysOfPartitions } from '../repair/partitions';
import { hasTarget } from '../live-key';

/** What happens to the orphans of one relation. */
export type Verdict =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'clean'; readonly strategy: Strategy; readonly count: OrphanCount }
  /** The rows stay as they are and get the parents that they miss. */
  | { readonly kind: 'create'; readonly parents: readonly MissingParent[]; readonly count: OrphanCount }
  | Refused;

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
      const refusal =
        own.kind === 'clean' || own.kind === 'create' ? tripped.get(tableId(pair.childName)) : undefined;
      return refusal ? { kind: 'refused', refusal } : own;
    },
  };
}

function judge(pair: MeasuredRelation, snapshot: Snapshot, settings: Settings): Verdict {
  const { orphans, relation } = pair;
  if (orphans === 'trusted') return { kind: 'nothing' };
  const doubt = inDoubt(pair);
  if (doubt) return doubt;
  if (typeof orphans === 'string')
    return refused('NOT_MEASURED', '', `the rows of ${relation.id} could not be looked at (${orphans})`);
  if (orphans.rows === 0) return { kind: 'nothing' };
  if (snapshot.catalog.server.inRecovery)
    return refused('STANDBY', '', 'this server is a standby; its parents may be behind');
  if (relation.rowsStay !== undefined) return refused('JUST_SYNCED', '', relation.rowsStay);
  if (hasKeyElsewhere(pair))
    return refused(
      'ROWS_OF_OTHER_TARGET',
      '',
      `another key on ${relation.id} says that these rows have a parent elsewhere`,
    );
  if (pair.unusable !== undefined) return refused('NO_SUCH_PARENT', '', pair.unusable);
  const strategy = strategyFor(pair, orphans);
  if (strategy.kind === 'refused') return strategy;
  const bare = relation.orphanPolicy === 'auto' ? unfenced(pair, snapshot) : undefined;
  if (bare) return bare;
  if (orphans.parentIsEmpty && settings.limits.fraction < 1)
    return refused(
      'EMPTY_PARENT',
      'limits: { fraction: 1 }',
      `${tableId(pair.parentName)} is empty, so every row of ${tableId(pair.childName)} looks orphaned`,
    );
  if (strategy.strategy === 'create') return creation(pair, orphans, settings);
  const shared =
    strategy.strategy === 'delete' ? undefined : takesAnotherKeyAlong(pair, strategy.strategy, snapshot);
  return (
    shared ??
    standingInTheWay(pair, strategy.strategy, snapshot, settings) ?? {
      kind: 'clean',
      strategy: strategy.strategy,
      count: orphans,
    }
  );
}

/** By a live key these rows have a parent, whatever a model says. */
const hasKeyElsewhere = (pair: MeasuredRelation): boolean =>
  [...pair.rivals, ...pair.elsewhere, ...keysOfPartitions(pair)].some(
    (key) => !hasTarget(key, pair.relation, pair.parentName),
  );

function creation(
  { parentName, missingParents }: MeasuredRelation,
  count: OrphanCount,
  { triggers }: Settings,
): Verdict {
  const { parents = [], insertHooks = [] } = missingParents ?? {};
  const hooked = insertHooks.find((name) => !triggers.includes(name));
  return hooked === undefined
    ? { kind: 'create', parents, count }
    : refused(
        'USER_TRIGGER',
        `triggers: ['${hooked}']`,
        `the trigger or rule ${hooked} would act on the rows that are made in ${tableId(parentName)}`,
      );
}

function breaker(table: string, verdicts: readonly Verdict[], limits: RowLimits): Refusal | undefined {
  const counts = verdicts.flatMap((verdict) => ('count' in verdict ? [verdict.count] : []));
  const stay = verdicts.some((verdict) => 'count' in verdict && !goes(verdict));
  const rows = counts.reduce((sum, count) => sum + count.rows, 0);
  const all = counts[0]?.childRows ?? 0;
  // Divided, and not multiplied: 100 * 0.29 is less than 29.
  if (rows <= limits.rows || rows / all <= limits.fraction) return undefined;
  return {
    code: 'LIMIT',
    option: 'limits: { rows, fraction }',
    message: `${rows} of the ${all} rows of ${table} would ${stay ? 'change' : 'go'}, more than ${limits.rows} and more than ${limits.fraction * 100} % of it`,
  };
}

/** Of rows that are set to null it has always been said that they go: their key does. */
const goes = (verdict: Verdict): boolean =>
  verdict.kind === 'clean' && (verdict.strategy === 'delete' || verdict.strategy === 'nullify');
