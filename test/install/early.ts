import type { Sequelize, Options } from 'sequelize';
import { installFkGuard, type FkGuard, type FkGuardOptions } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { connect } from './recorded-guard';

/** An application whose guard was installed before its models, and what the guard has logged. */
export interface Application {
  readonly sequelize: Sequelize;
  readonly guard: FkGuard;
  /** Warnings and errors. */
  readonly log: string[];
}

/** A fresh database for each test of a file, and applications on it that are closed with it. */
export interface Place {
  readonly database: TestDatabase;
  application(options?: FkGuardOptions, connection?: Options, url?: string): Application;
}

export function eachWithDatabase(label: string): Place {
  const place = {} as { -readonly [K in keyof Place]: Place[K] };
  const open: Sequelize[] = [];
  place.application = (options = {}, connection = {}, url = place.database.url) => {
    const sequelize = connect({ ...place.database, url }, connection);
    open.push(sequelize);
    const log: string[] = [];
    const write = (message: string): void => void log.push(message);
    const silent = (): void => undefined;
    const logger = { debug: silent, info: silent, warn: write, error: write };
    return { sequelize, log, guard: installFkGuard(sequelize, { logger, ...options }) };
  };
  beforeEach(async () => {
    place.database = await createDatabase(label);
  });
  afterEach(async () => {
    for (const sequelize of open.splice(0)) await sequelize.close();
    await place.database.drop();
  });
  return place;
}
