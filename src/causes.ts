import type { Finding, Place } from './finding';
import type { ProblemKind } from './problems';

/**
 * Names in each finding those that cause it, so that one mistake does not look like many: a primary key that is gone
 * has taken every foreign key to it along. Only the next cause is named; the others are named there.
 */
export function withCauses<Diagnosed extends { readonly finding: Finding }>(
  diagnoses: readonly Diagnosed[],
): readonly Diagnosed[] {
  // Most findings of a large database are of kinds that cause nothing.
  const findings = diagnoses.map(({ finding }) => finding).filter(({ kind }) => CAUSES.has(kind));
  return diagnoses.map((diagnosis) => {
    const causedBy = findings
      .filter((cause) => LINKS.some((link) => explains(link, cause, diagnosis.finding)))
      .map(({ id }) => id);
    return causedBy.length > 0 ? { ...diagnosis, finding: { ...diagnosis.finding, causedBy } } : diagnosis;
  });
}

type Kind = ProblemKind | 'type-mismatch';

/** Kinds of which the first ones cause the second ones, where they lie in the way to each other that `where` says. */
interface Link {
  readonly causes: readonly Kind[];
  readonly effects: readonly Kind[] | 'refused';
  readonly where: (cause: Finding, effect: Finding) => boolean;
}

const explains = ({ causes, effects, where }: Link, cause: Finding, effect: Finding): boolean =>
  cause !== effect &&
  causes.includes(cause.kind) &&
  (effects === 'refused'
    ? effect.repair === 'refused' && !causes.includes(effect.kind)
    : effects.includes(effect.kind)) &&
  where(cause, effect);

const sameRelation = (cause: Finding, effect: Finding): boolean =>
  cause.relation !== undefined && cause.relation === effect.relation;

const sameTable = (a: Place | undefined, b: Place | undefined): boolean =>
  a !== undefined && b !== undefined && a.schema === b.schema && a.table === b.table;

const sameColumns = (a: Place | undefined, b: Place | undefined): boolean =>
  a !== undefined && b !== undefined && [...a.columns].sort().join('\0') === [...b.columns].sort().join('\0');

/** The cause is a key of the very columns that the effect points at. */
const keyOfItsParent = (cause: Finding, effect: Finding): boolean =>
  sameTable(cause.child, effect.parent) && sameColumns(cause.child, effect.parent);

const LINKS: readonly Link[] = [
  {
    // A dropped key takes along what refers to it (`drop constraint … cascade`), and without it none can be made.
    causes: ['missing-primary-key', 'wrong-primary-key', 'invalid-index'],
    effects: ['missing-foreign-key', 'unreferenceable-target'],
    where: keyOfItsParent,
  },
  {
    causes: ['unreferenceable-target'],
    effects: ['missing-foreign-key'],
    where: (cause, effect) =>
      sameTable(cause.parent, effect.parent) && sameColumns(cause.parent, effect.parent),
  },
  {
    // The index of a primary key was also that of a foreign key in it.
    causes: ['missing-primary-key', 'wrong-primary-key', 'invalid-index'],
    effects: ['unindexed-foreign-key'],
    where: (cause, effect) =>
      sameTable(cause.child, effect.child) &&
      effect.child.columns.every((column) => cause.child.columns.includes(column)),
  },
  {
    causes: ['type-mismatch', 'unsupported-table'],
    effects: ['missing-foreign-key'],
    where: sameRelation,
  },
  {
    // A renamed column takes its key along, which then belongs to no relation.
    causes: ['missing-column'],
    effects: ['unclaimed-foreign-key'],
    where: (cause, effect) => sameTable(cause.child, effect.child) && sameTable(cause.parent, effect.parent),
  },
  {
    // What let the rows come in.
    causes: ['missing-foreign-key', 'not-enforced-foreign-key', 'disabled-trigger'],
    effects: ['orphaned-rows'],
    where: sameRelation,
  },
  { causes: ['orphaned-rows'], effects: ['not-valid-foreign-key'], where: sameRelation },
  {
    // What has to be mended first, before anything is done about the relation.
    causes: ['contradictory-models', 'foreign-key-on-primary-key', 'unsupported-table', 'type-mismatch'],
    effects: 'refused',
    where: sameRelation,
  },
  {
    causes: ['half-null-key'],
    effects: 'refused',
    where: (cause, effect) => sameRelation(cause, effect) && effect.refusal?.code === 'MATCH_FULL',
  },
];

const CAUSES: ReadonlySet<string> = new Set(LINKS.flatMap(({ causes }) => causes));
