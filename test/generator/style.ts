import type { ProblemKind } from '../../src/problems';
import type { Builder } from './built';
import type { Chapter, Dress } from './chapter';

/** A kind that is expected here as soon as the registry has it. */
type Coming = 'type-mismatch';

/** A finding that a style leads to, with the names that the style itself uses: `Book.authorId`, `Book`. */
export interface Expected {
  readonly kind: ProblemKind | Coming;
  /** `Model.attribute`; a finding about a table has the model's name instead. */
  readonly at: string;
  /** Only where this one made the tables: what Sequelize alone gets wrong, a guard has built right or repaired. */
  readonly builtBy?: Builder;
  /** Only for a guard that saw the models being defined, or only for one that came later. */
  readonly seen?: 'early' | 'late';
}

/** One way of writing a relation in Sequelize models. */
export interface Style {
  readonly name: string;
  define(chapter: Chapter): void;
  /** What this style needs to be as it is; everything else is left to chance. */
  readonly dress?: Partial<Dress>;
  /** What is wrong with it; a style without findings is sound. */
  readonly findings?: readonly Expected[];
}

/** A style whose table Sequelize cannot create, with the SQLSTATE of the attempt. */
export interface UnbuildableStyle extends Style {
  readonly sqlState: string;
}

/** Every action of a foreign key. */
export const ACTIONS = ['NO ACTION', 'RESTRICT', 'CASCADE', 'SET NULL', 'SET DEFAULT'] as const;

/** Defines something once for each action, under a key of its own: `cascadeId`, `setNullId` … */
export function forEachAction(
  chapter: Chapter,
  define: (action: (typeof ACTIONS)[number], name: string, by: (options?: object) => object) => void,
): void {
  for (const action of ACTIONS) {
    const name = action.toLowerCase().replace(/ (.)/, (_, letter: string) => letter.toUpperCase());
    define(action, name, (options) => chapter.by(`${name}Id`, { as: name, ...options }, nullableFor(action)));
  }
}

/** SET NULL is sound only where the column may be null. */
export const nullableFor = (action: string): Partial<Dress> =>
  action === 'SET NULL' ? { required: false } : {};
