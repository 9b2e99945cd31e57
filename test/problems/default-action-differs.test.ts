import type { Sequelize } from 'sequelize';
import { problemTest } from '../problem-tester';

const kind = 'default-action-differs';

const library = (action: string): string => `
  create table "Users" (id int primary key);
  create table "Checkouts" (id int primary key, "userId" int references "Users" on update cascade on delete ${action});
  insert into "Users" values (1);
  insert into "Checkouts" values (1, 1), (2, null)`;

function defaults(sequelize: Sequelize): void {
  const user = sequelize.define('User', {});
  const checkout = sequelize.define('Checkout', {});
  checkout.belongsTo(user, { foreignKey: 'userId' });
}

problemTest({
  kind,
  title: 'the database cascades, and nobody wrote an action',
  schema: library('cascade'),
  models: defaults,
  findings: [
    {
      severity: 'info',
      message:
        'Checkout.userId has ON DELETE CASCADE in the database; the default for the model would be SET NULL.',
      why: 'The model names no ON DELETE action, so a default would be used for a new key, and the key in the database has another. Which one is meant only an author can say.',
      help: "To keep what the database does, write it in the model: onDelete: 'CASCADE' in Checkout.belongsTo(User). To have SET NULL, write that.",
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title: 'a key declared by hand, without an action',
  schema: library('restrict'),
  foreignKeys: [{ child: 'public.Checkouts(userId)', parent: 'public.Users(id)' }],
  findings: [
    {
      message:
        'public.Checkouts.userId has ON DELETE RESTRICT in the database; the default for the model would be NO ACTION.',
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title: 'silence: the database has the default',
  schema: library('set null'),
  models: defaults,
  findings: [],
});

problemTest({
  kind,
  title: "silence: onDelete: 'models' makes the default the word that counts",
  schema: library('cascade'),
  models: defaults,
  options: { onDelete: 'models' },
  findings: [],
  besides: ['wrong-on-delete'],
  plan: [
    'lock table "public"."Users" in access exclusive mode',
    'alter table "public"."Checkouts" drop constraint "Checkouts_userId_fkey", add constraint "Checkouts_userId_fkey" foreign key ("userId") references "public"."Users" ("id") on delete set null on update cascade not valid',
    'alter table "public"."Checkouts" validate constraint "Checkouts_userId_fkey"',
  ],
  end: [
    '- public."Checkouts" "Checkouts_userId_fkey": FOREIGN KEY ("userId") REFERENCES "Users"(id) ON UPDATE CASCADE ON DELETE CASCADE',
    '+ public."Checkouts" "Checkouts_userId_fkey": FOREIGN KEY ("userId") REFERENCES "Users"(id) ON UPDATE CASCADE ON DELETE SET NULL',
  ],
});
