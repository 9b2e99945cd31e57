import type { ForeignKey } from '../catalog/catalog';
import type { Change } from '../changes/change';
import type { Place, Refusal, RefusalCode } from '../finding';
import type { Policy } from '../policy/verdict';
import type { PairedRelation, PairedTable, Snapshot } from '../snapshot';

/** The words for one case of a problem, and where it is. */
export interface Description {
  readonly about: Location;
  /** What is so, with the numbers. */
  readonly message: string;
  /** What to do about it, or what the guard will do. */
  readonly help: string;
  readonly rows?: number;
  readonly sampleKeys?: readonly string[];
}

/** Where a problem is: the fields of a finding that name things. */
export interface Location {
  readonly child: Place;
  readonly parent?: Place;
  readonly relation?: string;
  readonly model?: string;
  readonly association?: string;
  readonly constraint?: string;
}

/** What the guard would do: changes, a refusal with the option that lifts it, or nothing because only a person can. */
export type Repair = { readonly changes: readonly Change[] } | { readonly refused: Refusal } | 'manual';

/**
 * A kind of problem. `Facts` is inferred from `detect`, so that the message and the repair come from the same
 * proved state. `detect` knows no policy; `repair` decides by it; none of the three asks the database.
 */
export interface Problem<Kind extends string, Facts> {
  readonly kind: Kind;
  readonly severity: 'error' | 'warning' | 'info';
  readonly title: string;
  /** Why it hurts, in a sentence or two that need no context. */
  readonly why: string;
  /** What the guard does about it, and what it never does; docs/problems.md shows it. */
  readonly remedy: string;
  /** How an author who sees it otherwise makes it go away: a line of the model or an option, in Markdown. */
  readonly silence: string;
  detect(snapshot: Snapshot): readonly Facts[];
  describe(facts: Facts): Description;
  repair(facts: Facts, policy: Policy): Repair;
}

/** Checks a problem's parts against each other and keeps the kind's literal type. */
export const defineProblem = <const Kind extends string, Facts>(
  problem: Problem<Kind, Facts>,
): Problem<Kind, Facts> => problem;

/** The place of a relation, for a finding about it. */
export function atRelation(
  { relation, childName, parentName }: PairedRelation,
  constraint?: string,
): Location {
  const association = relation.declarations.find(
    (declaration) => declaration.association !== undefined,
  )?.association;
  return {
    relation: relation.id,
    model: relation.model,
    ...(association !== undefined && { association }),
    child: { schema: childName.schema, table: childName.name, columns: relation.childColumns },
    parent: { schema: parentName.schema, table: parentName.name, columns: relation.parentColumns },
    ...(constraint !== undefined && { constraint }),
  };
}

/** The place of a live key that no relation stands for. */
export const atKey = (key: ForeignKey): Location => ({
  child: { schema: key.child.schema, table: key.child.name, columns: key.childColumns },
  parent: { schema: key.parent.schema, table: key.parent.name, columns: key.parentColumns },
  constraint: key.name,
});

/** The place of a model's table. */
export const atTable = ({ model, name }: PairedTable, columns: readonly string[]): Location => ({
  model: model.model,
  child: { schema: name.schema, table: name.name, columns },
});

/** A refusal that no option lifts has an empty `option`. */
export const refuse = (code: RefusalCode, message: string, option = ''): Repair => ({
  refused: { code, option, message },
});
