import { Sequelize } from 'sequelize';
import { installFkGuard, type FkGuard } from 'sequelize-fk-guard';
import { randomFrom } from '../../generator/random';
import { chain, others, REWRITE_ROWS } from './ailments';

/** After so many seeds each of the ailments had its turn. */
export const TURNS = others.length;

/** The damaged database of one seed: SQL that makes it, and the application that it belongs to. */
export function damagedBy(seed: number) {
  const random = randomFrom(seed);
  const turn = others[seed % TURNS] ?? chain;
  const more = random.pick(others.filter((ailment) => ailment !== turn));
  const ailments = [chain, turn, more];
  const tables = ailments.map((ailment) => ailment.tables(3 + random.below(4))).join('\n');
  const batchSize = 1 + random.below(4);
  return {
    tables,
    /** Opens the application, with the guard in it. */
    open(url: string): { readonly guard: FkGuard; readonly sequelize: Sequelize } {
      const sequelize = new Sequelize(url, { logging: false, define: { timestamps: false } });
      const guard = installFkGuard(sequelize, {
        batchSize,
        indexes: 'create',
        // Half of a table may go: what a cascade forgets counts too.
        limits: { rewriteRows: REWRITE_ROWS, fraction: 0.5 },
        relations: Object.fromEntries(ailments.flatMap(({ relations = {} }) => Object.entries(relations))),
        logger: silent,
      });
      for (const { define } of ailments) define(sequelize);
      return { guard, sequelize };
    },
  };
}

const nothing = (): void => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
