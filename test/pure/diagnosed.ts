import type { Catalog } from '../../src/catalog/catalog';
import type { Change } from '../../src/changes/change';
import { diagnose } from '../../src/diagnose';
import type { ModelTable, Relation } from '../../src/expected';
import type { Finding } from '../../src/finding';
import type { FkGuardOptions } from '../../src/options';
import { partialKeys } from '../../src/pairing/half-null';
import { measurable } from '../../src/pairing/measurable';
import { pair } from '../../src/pairing/pair';
import { parseOptions } from '../../src/parse-options';
import { createPolicy } from '../../src/policy/verdict';
import { applyPolicy } from '../../src/policy/wanted';
import type { ProblemKind } from '../../src/problems';
import type { MeasuredRelation, MeasuredTable, OrphanCount, Snapshot } from '../../src/snapshot';
import { relation } from './catalog';

/** What a test says about the world; the rest is as in a healthy one. */
export interface World {
  readonly database: Catalog;
  readonly relations?: readonly Partial<Relation>[];
  readonly unconstrained?: readonly Partial<Relation>[];
  readonly models?: readonly ModelTable[];
  readonly options?: FkGuardOptions;
  /** What counting has shown, by relation. */
  readonly counted?: Partial<MeasuredRelation>;
  readonly tables?: Partial<MeasuredTable>;
  readonly halfNull?: { readonly rows: number; readonly samples: readonly string[] };
}

export const NONE: OrphanCount = {
  rows: 0,
  sentinelRows: 0,
  sentinels: [],
  childRows: 100,
  parentIsEmpty: false,
  samples: [],
};

export const orphaned = (more: Partial<OrphanCount> = {}) => ({ orphans: { ...NONE, rows: 2, ...more } });

export const model = (name: string, table: string, primaryKey: readonly string[] = []): ModelTable => ({
  model: name,
  table: { schema: 'app', name: table },
  columns: [],
  primaryKey,
  indexes: [],
});

/** The findings of one kind, each with the changes that would mend it. */
export function diagnosed(
  kind: ProblemKind,
  { database, relations = [{}], unconstrained = [], models = [], options = {}, ...seen }: World,
): readonly (Finding & { readonly changes: readonly Change[] })[] {
  const settings = parseOptions(options, {});
  const applied = (wanted: readonly Partial<Relation>[]) =>
    applyPolicy({ tables: [], relations: wanted.map(relation) }, settings);
  const pairs = pair(applied(relations), models, database);
  const snapshot: Snapshot = {
    ...pairs,
    relations: pairs.relations.map((paired) => {
      const question = measurable(paired, settings.scan);
      return { ...paired, orphans: typeof question === 'string' ? question : NONE, ...seen.counted };
    }),
    tables: pairs.tables.map((table) => ({ ...table, ...seen.tables })),
    halfNull: partialKeys(pairs).map((key) => ({ ...key, rows: 0, samples: [], ...seen.halfNull })),
    bystanders: [],
    unconstrained: pair(applied(unconstrained), models, database).relations,
  };
  return diagnose(createPolicy(snapshot, settings)).flatMap(({ finding, changes }) =>
    finding.kind === kind ? [{ ...finding, changes }] : [],
  );
}
