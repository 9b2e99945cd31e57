import { DataTypes } from 'sequelize';
import { problemTest } from '../problem-tester';

const kind = 'impossible-set-null';

const LIBRARY = `
  create table users (id int primary key);
  create table checkouts (id int primary key, user_id int not null constraint checkouts_fk references users on delete set null);
  insert into users values (1);
  insert into checkouts values (1, 1)`;

problemTest({
  kind,
  title: 'the live key sets null where null cannot be',
  schema: LIBRARY,
  foreignKeys: [{ child: 'public.checkouts(user_id)', parent: 'public.users(id)' }],
  findings: [
    {
      severity: 'error',
      message: 'public.checkouts.user_id says ON DELETE SET NULL, but public.checkouts.user_id is NOT NULL.',
      why: 'Deleting a parent fails with 23502 (null value in column), an error that does not even mention the foreign key.',
      help: "Either allow null in the column (and allowNull: true in the model), or write another action: onDelete: 'CASCADE' or 'RESTRICT'.",
      constraint: 'checkouts_fk',
      repair: 'manual',
    },
  ],
  besides: ['default-action-differs'],
});

problemTest({
  kind,
  title: 'an author wrote it, for one NOT NULL column of a composite key',
  schema: `
    create schema "App";
    create table "App"."Users" (tenant int, id int, primary key (tenant, id));
    create table "App"."Cards" (no int primary key, tenant int not null, "user.id" int,
      constraint "Cards_user" foreign key (tenant, "user.id") references "App"."Users" on delete set null)`,
  foreignKeys: [
    { child: 'App.Cards(tenant,"user.id")', parent: 'App.Users(tenant,id)', onDelete: 'SET NULL' },
  ],
  findings: [
    {
      message: 'App.Cards.tenant,user.id says ON DELETE SET NULL, but App.Cards.tenant is NOT NULL.',
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title: 'silence: the column may be null, whatever the model says',
  schema: LIBRARY.replace('user_id int not null', '"userId" int'),
  models(sequelize) {
    const user = sequelize.define('user', {}, { tableName: 'users' });
    const checkout = sequelize.define(
      'checkout',
      { userId: { type: DataTypes.INTEGER, allowNull: false } },
      { tableName: 'checkouts' },
    );
    user.hasMany(checkout, { foreignKey: 'userId', onDelete: 'SET NULL', onUpdate: 'NO ACTION' });
  },
  findings: [],
});
