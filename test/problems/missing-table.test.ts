import { DataTypes } from 'sequelize';
import { problemTest } from '../problem-tester';

const kind = 'missing-table';

problemTest({
  kind,
  title: 'a model without its table',
  schema: `create table "Users" (id serial primary key)`,
  models(sequelize) {
    const user = sequelize.define('User', {});
    const checkout = sequelize.define('Checkout', { userId: DataTypes.INTEGER });
    user.hasMany(checkout, { foreignKey: 'userId', onDelete: 'CASCADE' });
  },
  findings: [
    {
      severity: 'error',
      message: 'The table public.Checkouts of the model Checkout does not exist.',
      why: 'Every query of a table that the database does not have fails with 42P01, and no key to it or from it can exist.',
      help: 'Create it with sync() or a migration; its keys are created afterwards.',
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title: 'a name that no table and no model has',
  schema: `
    create table "Users" (id serial primary key);
    create table "Checkouts" (id serial primary key, "userId" int)`,
  models(sequelize) {
    sequelize.define('User', {});
    sequelize.define('Checkout', {
      userId: { type: DataTypes.INTEGER, references: { model: 'User', key: 'id' } },
    });
  },
  findings: [
    {
      message:
        'The table public.User, which Checkout.userId points at, does not exist, and no model is stored in it.',
      help: "Correct the name in Checkout.userId: { references: { model: 'User' } }, or create the table; the key is created afterwards.",
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title: 'a parent that is there, but in another schema',
  schema: `
    create schema "Odd.""schema";
    create table "Odd.""schema"."Ünits" (id int primary key);
    create table public.items (id int primary key, unit_id int)`,
  foreignKeys: [{ child: 'public.items(unit_id)', parent: 'public."Ünits"(id)' }],
  findings: [
    { message: 'The table public.Ünits of the model public.Ünits does not exist.', repair: 'manual' },
  ],
});

problemTest({
  kind,
  title: 'silence: a table that the search_path leads to',
  schema: `
    create schema app;
    create table app.users (id int primary key);
    create table app.checkouts (id int primary key, user_id int references app.users on delete cascade);
    do $$ begin execute format('alter database %I set search_path = nowhere, app', current_database()); end $$`,
  foreignKeys: [{ child: 'checkouts(user_id)', parent: 'users(id)', onDelete: 'CASCADE' }],
  findings: [],
});

problemTest({
  kind,
  title: 'two models of one table: said once',
  schema: '',
  models(sequelize) {
    for (const name of ['User', 'Member']) sequelize.define(name, {}, { tableName: 'people' });
  },
  findings: [{ message: 'The table public.people of the model User does not exist.', repair: 'manual' }],
});
