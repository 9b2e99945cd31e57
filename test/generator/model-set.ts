import { Sequelize } from 'sequelize';
import { openChapter, randomDress, type Dress } from './chapter';
import { randomFrom } from './random';
import type { Expected, Style } from './style';

/** One use of a style in a model set. */
export interface Use {
  readonly style: Style;
  readonly dress: Dress;
  /** Appended to the names of its models. */
  readonly number: number;
}

/** A list of uses, and how an application defines the models of all of them. */
export interface ModelSet {
  readonly uses: readonly Use[];
  define(sequelize: Sequelize): void;
}

/** Uses every style once, and then styles by chance until there are `models` models, if that many are asked for. */
export const modelSet = (seed: number, styles: readonly Style[], models = 0): ModelSet =>
  setOf(usesOf(seed, styles, models));

/** The same in several sets, none of which has more than `size` uses. */
export function modelSets(seed: number, styles: readonly Style[], size: number): readonly ModelSet[] {
  const uses = usesOf(seed, styles, 0);
  const starts = uses.flatMap((_, position) => (position % size === 0 ? [position] : []));
  return starts.map((start) => setOf(uses.slice(start, start + size)));
}

const setOf = (uses: readonly Use[]): ModelSet => ({
  uses,
  define: (sequelize) => uses.forEach((use) => defineUse(sequelize, use)),
});

function usesOf(seed: number, styles: readonly Style[], models: number): readonly Use[] {
  const random = randomFrom(seed);
  const uses: Use[] = [];
  let missing = models;
  const use = (style: Style): void => {
    const made = { style, dress: randomDress(random, style.dress), number: uses.length + 1 };
    uses.push(made);
    missing -= modelsOf(made);
  };
  for (const style of random.shuffle(styles)) use(style);
  while (missing > 0) use(random.pick(styles.filter((style) => sizeOf(style) <= missing)));
  return uses;
}

const defineUse = (sequelize: Sequelize, { style, dress, number }: Use): void =>
  style.define(openChapter(sequelize, number, dress));

/** How many models a use defines, join tables included; counted in an application that never connects. */
function modelsOf(use: Use): number {
  const sequelize = new Sequelize({ dialect: 'postgres', logging: false });
  defineUse(sequelize, use);
  return Object.keys(sequelize.models).length;
}

const sizeOf = (style: Style): number =>
  modelsOf({ style, dress: randomDress(randomFrom(0), style.dress), number: 0 });

/** The findings that a use leads to, with the names of its models: `kind at Book17.authorId`. */
export const expectedOf = (
  { style, number }: Use,
  applies: (expected: Expected) => boolean,
): readonly string[] =>
  (style.findings ?? [])
    .filter(applies)
    .map(({ kind, at }) => `${kind} at ${at.replace(/^\w+/, (model) => `${model}${number}`)}`);
