import { groupBy } from '../group-by';
import type { MissingParent, Strategy } from '../changes/change';
import { sameTable, tableId } from '../names';
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
  // A column has one type, whatever the number of relations that it is a part of.
  const together = (pair: MeasuredRelation): ConversionVerdict | undefined =>
    sharers(pair, snapshot).some((other) => conversionOf(other)?.kind === 'refused')
      ? refused(
          'BLOCKED_BY_FINDING',
          '',
          'another relation of the same column is left, and its finding says why',
        )
      : undefined;
  const converting = (pair: MeasuredRelation): ConversionVerdict | undefined => {
    const own = conversionOf(pair);
    return own?.kind === 'convert' ? (together(pair) ?? own) : own;
  };
  return {
    settings,
    snapshot,
    verdict(pair) {
      const own = judged(pair).rows;
      const refusal =
        own.kind === 'clean' || own.kind === 'create' ? tripped.get(tableId(pair.childName)) : undefined;
      if (refusal) return { kind: 'refused', refusal };
      return typeof pair.orphans === 'object' && converting(pair)?.kind === 'refused'
        ? refused(
            'BLOCKED_BY_FINDING',
            '',
            'the types do not fit; a finding of its own says why they are left',
          )
        : own;
    },
    conversion: (pair, mismatch) => converting(pair) ?? judgeConversion(pair, mismatch, snapshot, settings),
  };
}

/** Other relations that would convert one of the same columns. */
const sharers = (pair: MeasuredRelation, { relations }: Snapshot): readonly MeasuredRelation[] =>
  relations.filter(
    (other) =>
      other !== pair &&
      sameTable(other.childName, pair.childName) &&
      castColumns(other).some((column) => castColumns(pair).includes(column)),
  );

const castColumns = ({ mismatch }: MeasuredRelation): readonly string[] =>
  mismatch?.columns.map(({ cast }) => cast.column) ?? [];

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
