import { problemTest } from '../problem-tester';

const kind = 'not-valid-foreign-key';

const library = (checkouts: string): string => `
  create schema "Lending.desk";
  create table users (tenant int, id int, primary key (tenant, id));
  insert into users values (1, 1), (1, 2);
  create table "Lending.desk"."Check""outs" (id int primary key, tenant int, "userId" int);
  insert into "Lending.desk"."Check""outs" values ${checkouts};
  alter table "Lending.desk"."Check""outs" add constraint "by.user" foreign key (tenant, "userId") references users
    on delete cascade not valid`;
const CHECKOUTS = {
  child: '"Lending.desk"."Check""outs"(tenant,userId)',
  parent: 'public.users(tenant,id)',
} as const;
const NOT_VALID = 'The foreign key "by.user" of "Lending.desk"."Check""outs".tenant,userId is NOT VALID.';
const VALIDATED = [
  '- "Lending.desk"."Check""outs" "by.user": FOREIGN KEY (tenant, "userId") REFERENCES users(tenant, id) ON DELETE CASCADE NOT VALID',
  '+ "Lending.desk"."Check""outs" "by.user": FOREIGN KEY (tenant, "userId") REFERENCES users(tenant, id) ON DELETE CASCADE',
];

problemTest({
  kind,
  title: 'every row has its parent: the key is validated',
  schema: library('(1, 1, 1), (2, 1, null), (3, null, 9)'),
  foreignKeys: [{ ...CHECKOUTS, onDelete: 'CASCADE' }],
  findings: [
    {
      severity: 'warning',
      message: NOT_VALID,
      why: 'The key stops new orphans, but PostgreSQL does not vouch for the rows that were there before it.',
      help: 'It is validated, which holds up neither readers nor writers.',
      constraint: 'by.user',
      repair: 'automatic',
    },
  ],
  plan: ['alter table "Lending.desk"."Check""outs" validate constraint "by.user"'],
  end: VALIDATED,
});

problemTest({
  kind,
  title: 'an orphan is in the way, and the author wrote what happens to it',
  schema: library('(1, 1, 1), (2, 1, 9)'),
  foreignKeys: [{ ...CHECKOUTS, onDelete: 'CASCADE' }],
  findings: [{ message: NOT_VALID, repair: 'automatic' }],
  besides: ['orphaned-rows'],
  plan: [
    'Quarantine and delete: orphans of "Lending.desk"."Check""outs" (tenant, userId): 1',
    'alter table "Lending.desk"."Check""outs" validate constraint "by.user"',
  ],
  end: [...VALIDATED, '- "Lending.desk"."Check""outs" (2,1,9)'],
});

problemTest({
  kind,
  title: 'an orphan is in the way, and nobody wrote what happens to it',
  schema: library('(1, 1, 1), (2, 1, 9)'),
  foreignKeys: [CHECKOUTS],
  findings: [
    {
      message: NOT_VALID,
      repair: 'refused',
      refusal: `DEFAULT_ACTION: nobody wrote an ON DELETE action for "Lending.desk"."Check""outs".tenant,userId; NO ACTION is only a default → onDelete in the model, or relations: { '"Lending.desk"."Check""outs".tenant,userId': { orphans: 'delete' | 'nullify' | 'keep' } }`,
    },
  ],
  besides: ['orphaned-rows', 'default-action-differs'],
});

problemTest({
  kind,
  title: 'silence: a valid key',
  schema: `${library('(1, 1, 1)')}; alter table "Lending.desk"."Check""outs" validate constraint "by.user"`,
  foreignKeys: [{ ...CHECKOUTS, onDelete: 'CASCADE' }],
  findings: [],
});

problemTest({
  kind,
  title: 'two parents by the models: it is not validated, and that is said in these words',
  schema: `
    create table "Users" (id int primary key);
    create table "People" (id int primary key);
    create table "Checkouts" (id int primary key, "userId" int);
    alter table "Checkouts" add constraint fk foreign key ("userId") references "Users" on update cascade on delete cascade not valid`,
  models(sequelize) {
    const checkout = sequelize.define('Checkout', {});
    for (const name of ['User', 'Person'])
      checkout.belongsTo(sequelize.define(name, {}), { foreignKey: 'userId', onDelete: 'CASCADE' });
  },
  findings: [
    {
      message: 'The foreign key "fk" of Checkout.userId is NOT VALID.',
      repair: 'refused',
      refusal: 'CONTRADICTION: the models name different parents for Checkout.userId',
    },
  ],
  besides: ['contradictory-models'],
});
