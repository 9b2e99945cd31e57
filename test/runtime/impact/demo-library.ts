import { Sequelize } from 'sequelize';
import { createGuard, type FkGuard } from 'sequelize-fk-guard';
import { damageLibrary } from '../../../app/demo/damage';
import { fillLibrary } from '../../../app/demo/rows';
import type { Sql } from '../../../app/demo/sql';
import { defineModels } from '../../../models';
import { silent } from '../../generator/built';
import type { TestDatabase } from '../../postgres/database';

/** The demo's database, and a guard on the models of BookNexus. */
export interface DemoLibrary {
  readonly guard: FkGuard;
  damage(): Promise<void>;
  close(): Promise<void>;
}

export async function demoLibrary(database: TestDatabase): Promise<DemoLibrary> {
  const sequelize = new Sequelize(database.url, { logging: false });
  defineModels(sequelize);
  await sequelize.sync();
  const value = async (text: string): Promise<unknown> =>
    Object.values((await database.query(text))[0] ?? {})[0];
  const sql: Sql = {
    rows: (text) => database.query(text),
    number: async (text) => Number(await value(text)),
    text: async (text) => String(await value(text)),
  };
  await fillLibrary(sql);
  return {
    guard: createGuard({ sequelize }, { logger: silent }),
    damage: () => damageLibrary(sql),
    close: () => sequelize.close(),
  };
}
