import { groupBy } from '../group-by';
import type { MissingParent, Strategy } from '../changes/change';
import { tableId } from '../names';
import type { Settings } from '../options';
import type { TypeMismatch } from '../mismatch';
import type { MeasuredRelation, OrphanCount, Snapshot } from '../snapshot';
import type { Refusal } from '../finding';
import { breaker, type Going } from './breaker';
import { judge } from './judge';
import { judgeConversion, type ConversionVerdict } from './conversion';
import { refused, type Refused } from './refused';

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
  /** Whether the types of a relation that do not fit are made to. */
  conversion(pair: MeasuredRelation, mismatch: TypeMismatch): ConversionVerdict;
}

/** Judges every relation once: each by itself first, then each table as a whole (the circuit breaker). */
export function createPolicy(snapshot: Snapshot, settings: Settings): Policy {
  const first = new Map(snapshot.relations.map((pair) => [pair, judgeBoth(pair, snapshot, settings)]));
  const tripped = tripping(first, settings);
  const judged = (pair: MeasuredRelation): Judged => first.get(pair) ?? judgeBoth(pair, snapshot, settings);
  const conversionOf = (pair: MeasuredRelation): ConversionVerdict | undefined => {
    const own = judged(pair).conversion;
    const refusal = own?.removes && tripped.get(tableId(pair.childName));
    return refusal ? { kind: 'refused', refusal } : own?.verdict;
  };
  return {
    settings,
    snapshot,
    verdict(pair) {
      const own = judged(pair).rows;
      const refusal =
        own.kind === 'clean' || own.kind === 'create' ? tripped.get(tableId(pair.childName)) : undefined;
      if (refusal) return { kind: 'refused', refusal };
      return typeof pair.orphans === 'object' && conversionOf(pair)?.kind === 'refused'
        ? refused(
            'BLOCKED_BY_FINDING',
            '',
            'the types do not fit; a finding of its own says why they are left',
          )
        : own;
    },
    conversion: (pair, mismatch) => conversionOf(pair) ?? judgeConversion(pair, mismatch, snapshot, settings),
  };
}

<<<<<<< HEAD
/** The tables that would lose too much, with what is said about it. */
function tripping(
  judged: ReadonlyMap<MeasuredRelation, Judged>,
  { limits }: Settings,
): ReadonlyMap<string, Refusal | undefined> {
  const going = ({ rows, conversion }: Judged): readonly Going[] => [
    ...('count' in rows ? [{ going: rows.count.rows, all: rows.count.childRows, stays: !goes(rows) }] : []),
    ...(conversion?.removes ? [conversion.removes] : []),
  ];
  const byTable = groupBy(judged, ([pair]) => tableId(pair.childName));
  return new Map(
    [...byTable].map(([table, entries]) => [
      table,
      breaker(
        table,
        entries.flatMap(([, own]) => going(own)),
        limits,
      ),
    ]),
  );
}

interface Judged {
  readonly rows: Verdict;
  readonly conversion?: { readonly verdict: ConversionVerdict; readonly removes?: Going };
=======
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
>>>>>>> origin/main
}

function judgeBoth(pair: MeasuredRelation, snapshot: Snapshot, settings: Settings): Judged {
  const { mismatch } = pair;
  const rows = judge(pair, snapshot, settings);
  if (!mismatch) return { rows };
  const verdict = judgeConversion(pair, mismatch, snapshot, settings);
  const removal = verdict.kind === 'convert' ? verdict.removal : undefined;
  const removes = removal && {
    going: removal.rows,
    all: mismatch.count?.rows ?? 0,
    stays: false,
  };
  return { rows, conversion: { verdict, ...(removes && { removes }) } };
}

/** Of rows that are set to null it has always been said that they go: their key does. */
const goes = (verdict: Verdict): boolean =>
  verdict.kind === 'clean' && (verdict.strategy === 'delete' || verdict.strategy === 'nullify');
