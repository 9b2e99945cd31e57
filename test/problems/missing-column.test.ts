import { DataTypes } from 'sequelize';
import { problemTest } from '../problem-tester';

const kind = 'missing-column';

problemTest({
  kind,
  title: 'a child without the column of its key',
  schema: `
    create table "Users" (id int primary key);
    create table "Checkouts" (id int primary key)`,
  models(sequelize) {
    const user = sequelize.define('User', {});
    const checkout = sequelize.define('Checkout', { userId: { type: DataTypes.INTEGER, field: 'user_id' } });
    checkout.belongsTo(user, { foreignKey: 'userId', onDelete: 'CASCADE' });
  },
  findings: [
    {
      severity: 'error',
      message: 'Checkout.userId needs the column public.Checkouts.user_id, which does not exist.',
      why: 'A relation of the models needs a column that the table does not have, so its key cannot exist.',
      help: 'Add it with sync({ alter: true }) or a migration; the key is created afterwards.',
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title: 'columns that both sides of a composite key lack, under hostile names',
  schema: `
    create schema "a.b";
    create table "a.b"."Per""son" (tenant int, primary key (tenant));
    create table "a.b"."Card" (id int primary key, tenant int)`,
  foreignKeys: [
    { child: '"a.b".Card(tenant,"person.id")', parent: '"a.b"."Per""son"(tenant,ID)', onDelete: 'CASCADE' },
  ],
  findings: [
    {
      message:
        '"a.b".Card.tenant,person.id needs the columns "a.b".Card.person.id, "a.b"."Per""son".ID, which do not exist.',
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title: 'silence: a column of which only the case is odd',
  schema: `
    create table users (id int primary key);
    create table checkouts (id int primary key, "userId" int, userid int, foreign key ("userId") references users)`,
  foreignKeys: [{ child: 'public.checkouts(userId)', parent: 'public.users(id)' }],
  findings: [],
});
