import { escapeIdentifier } from 'pg';
import { DataTypes, Sequelize } from 'sequelize';
import { createGuard, type FkGuard, type FkGuardOptions } from 'sequelize-fk-guard';
import type { TestDatabase } from '../postgres/database';
import { silent } from '../quarantine/setup';

/** Countries for all, and users with orders for each tenant. */
export function defineModels(sequelize: Sequelize): void {
  const plain = { timestamps: false };
  const id = { type: DataTypes.INTEGER, primaryKey: true };
  const Country = sequelize.define('Country', { id }, { ...plain, tableName: 'countries' });
  const City = sequelize.define('City', { id }, { ...plain, tableName: 'cities' });
  const User = sequelize.define('User', { id }, { ...plain, tableName: 'users' });
  const Order = sequelize.define('Order', { id }, { ...plain, tableName: 'orders' });
  City.belongsTo(Country, { foreignKey: 'countryId', onDelete: 'CASCADE' });
  User.belongsTo(Country, { foreignKey: 'countryId', onDelete: 'RESTRICT' });
  Order.belongsTo(User, { foreignKey: 'userId', onDelete: 'CASCADE' });
}

/** The countries and cities that all share, healthy. */
export const createShared = (database: TestDatabase): Promise<unknown> =>
  database.query(`
    create table countries (id int primary key);
    insert into countries select generate_series(1, 5);
    create table cities (id int primary key, "countryId" int references countries on delete cascade on update cascade);
    create index on cities ("countryId");
    insert into cities select g, g from generate_series(1, 5) g;`);

/** One tenant, healthy. */
export function createTenant(database: TestDatabase, schema: string): Promise<unknown> {
  const s = escapeIdentifier(schema);
  return database.query(`
    create schema ${s};
    create table ${s}.users (id int primary key, "countryId" int references public.countries on delete restrict on update cascade);
    create index on ${s}.users ("countryId");
    insert into ${s}.users select g, 1 from generate_series(1, 50) g;
    create table ${s}.orders (id int primary key, "userId" int references ${s}.users on delete cascade on update cascade);
    create index on ${s}.orders ("userId");
    insert into ${s}.orders select g, g from generate_series(1, 50) g;`);
}

/** Takes the key of a tenant's orders away, and leaves as many orders without their users. */
export function breakTenant(database: TestDatabase, schema: string, orphans: number): Promise<unknown> {
  const s = escapeIdentifier(schema);
  return database.query(`
    alter table ${s}.orders drop constraint "orders_userId_fkey";
    delete from ${s}.users where id <= ${orphans}`);
}

/** A guard for the models above; `close` its instance in the end. */
export function tenantsGuard(
  url: string,
  options: FkGuardOptions = {},
): { readonly guard: FkGuard; readonly close: () => Promise<void> } {
  const sequelize = new Sequelize(url, { logging: false });
  defineModels(sequelize);
  const guard = createGuard({ sequelize }, { logger: silent, schemas: ['tenant_*'], ...options });
  return { guard, close: () => sequelize.close() };
}
