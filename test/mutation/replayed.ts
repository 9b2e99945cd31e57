import { diagnose } from '../../src/diagnose';
import type { Finding } from '../../src/finding';
import type { Step } from '../../src/outcome';
import { partialKeys } from '../../src/pairing/half-null';
import { measurable } from '../../src/pairing/measurable';
import { pair } from '../../src/pairing/pair';
import { resolverOf } from '../../src/pairing/resolve';
import { withSameColumns } from '../../src/pairing/same-columns';
import { planSteps } from '../../src/plan';
import { createPolicy } from '../../src/policy/verdict';
import { applyPolicy } from '../../src/policy/wanted';
import type { MeasuredRelation, PairedRelation, Snapshot } from '../../src/snapshot';
import type { Expected, Relation } from '../../src/expected';
import type { Look } from './record';

/** What the pure core makes of a recorded look; in the place of `examine`, with the server's answers as they were. */
export function replayed({ expected, settings, seen }: Look): {
  readonly findings: readonly Finding[];
  readonly steps: readonly Step[];
} {
  const { catalog } = seen;
  const pairs = pair(
    applyPolicy(withSameColumns(expected, resolverOf(catalog)), settings),
    expected.tables,
    catalog,
  );
  const beside = (others: readonly Relation[] = [], models: Expected['tables'] = []) =>
    pair(applyPolicy({ tables: [], relations: others }, settings), models, catalog).relations;
  const snapshot: Snapshot = {
    ...pairs,
    relations: pairs.relations.map((relation) => measuredAsIn(seen, relation, settings.scan)),
    tables: pairs.tables.map((table, i) => {
      const keyQuality = seen.tables[i]?.keyQuality;
      return { ...table, ...(keyQuality && { keyQuality }) };
    }),
    halfNull: partialKeys(pairs).flatMap((key) => {
      const answer = seen.halfNull.find(
        ({ child, columns }) => child.oid === key.child.oid && columns.join() === key.columns.join(),
      );
      return answer ? [{ ...key, rows: answer.rows, samples: answer.samples }] : [];
    }),
    bystanders: beside(expected.others),
    unconstrained: beside(expected.unconstrained, expected.tables),
  };
  const diagnoses = diagnose(createPolicy(snapshot, settings));
  return { findings: diagnoses.map(({ finding }) => finding), steps: planSteps(diagnoses, snapshot) };
}

/** Nobody can say what the server would have answered to a question that it was not asked: then there are no orphans. */
const NEVER_ASKED = {
  rows: 0,
  sentinelRows: 0,
  sentinels: [],
  childRows: 0,
  parentIsEmpty: false,
  samples: [],
} as const;

function measuredAsIn(seen: Snapshot, paired: PairedRelation, scan: 'needed' | 'all'): MeasuredRelation {
  const answer = seen.relations.find(({ relation }) => relation.id === paired.relation.id);
  const question = measurable(paired, scan);
  const { orphans = NEVER_ASKED, targetQuality, mismatch, missingParents, unusable } = answer ?? {};
  const counted = typeof orphans === 'object';
  return {
    ...paired,
    orphans:
      typeof question === 'string' && !(counted && question === 'type-mismatch')
        ? question
        : counted
          ? orphans
          : NEVER_ASKED,
    ...(targetQuality && !paired.target && { targetQuality }),
    ...(mismatch && question === 'type-mismatch' && { mismatch }),
    ...(missingParents && { missingParents }),
    ...(unusable !== undefined && { unusable }),
  };
}
