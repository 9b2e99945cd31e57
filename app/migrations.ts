import { join } from 'node:path';
import { type QueryInterface, QueryTypes, type Sequelize } from 'sequelize';
import { SequelizeStorage, Umzug, type UmzugStorage } from 'umzug';

/** The migration that repairs the foreign keys, under the name that both tools record in `SequelizeMeta`. */
export const FIX_MIGRATION = '20260201000000-fix-foreign-keys.js';

export type Migrations = Umzug<QueryInterface>;

/** The compiled migrations, recorded where sequelize-cli records them too. */
export function migrationsOf(sequelize: Sequelize): Migrations {
  return umzug(sequelize, new SequelizeStorage({ sequelize }));
}

/** The same migrations for a look only: umzug's own storage creates `SequelizeMeta` before it reads it. */
export function migrationsToRead(sequelize: Sequelize): Migrations {
  const refuse = (): Promise<never> => Promise.reject(new Error('These migrations are only to be read'));
  return umzug(sequelize, {
    executed: () => recorded(sequelize),
    logMigration: refuse,
    unlogMigration: refuse,
  });
}

const umzug = (sequelize: Sequelize, storage: UmzugStorage<QueryInterface>): Migrations =>
  new Umzug({
    migrations: { glob: ['*.js', { cwd: join(__dirname, '../migrations') }] },
    context: sequelize.getQueryInterface(),
    storage,
    logger: undefined,
  });

async function recorded(sequelize: Sequelize): Promise<string[]> {
  if (!(await sequelize.getQueryInterface().tableExists('SequelizeMeta'))) return [];
  const rows = await sequelize.query<{ name: string }>('select name from "SequelizeMeta"', {
    type: QueryTypes.SELECT,
  });
  return rows.map(({ name }) => name);
}
