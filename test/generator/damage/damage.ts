import type { ProblemKind } from '../../../src/problems';
import type { Random } from '../random';
import type { LiveKey, Site } from './site';

/** One single damage, and what a look at it has to find. */
export interface Damage {
  /** What is done, in words. */
  readonly name: string;
  readonly sql: string;
  /** The tables that have to be made again afterwards. */
  readonly tables: readonly string[];
  /** `kind at Model.attribute`: the finding about the damage itself. */
  readonly own: string;
  /** Findings about what the damage took along. */
  readonly consequences?: readonly string[];
}

/** A kind of damage: does itself to a place by chance, or gives nothing where there is no place for it. */
export type KindOfDamage = (context: Context) => Damage | undefined;

/** What a damage may depend on. */
export interface Context {
  readonly site: Site;
  readonly random: Random;
  /** Whether an author wrote this action; otherwise it is only a default. */
  isWritten(relation: string, action: 'onDelete' | 'onUpdate'): boolean;
  /** Whether the models say when this relation is checked. */
  isTimed(relation: string): boolean;
}

/** `kind at place`, as `named` writes it. */
export const at = (kind: ProblemKind, place: string): string => `${kind} at ${place}`;

/** A kind of damage to one of the keys that it fits. */
export const toSomeKey =
  (damage: (key: LiveKey, context: Context) => Damage, fits = (_: LiveKey, __: Context): boolean => true) =>
  (context: Context): Damage | undefined => {
    const keys = context.site.keys.filter((key) => fits(key, context));
    return keys.length > 0 ? damage(context.random.pick(keys), context) : undefined;
  };

/** Every table that a key of this one stands between. */
export const around = (table: string, { site }: Context): readonly string[] => [
  ...new Set([
    table,
    ...site.keys.flatMap(({ child, parent }) =>
      parent === table ? [child] : child === table ? [parent] : [],
    ),
  ]),
];
