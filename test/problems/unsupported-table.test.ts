import type { Sequelize } from 'sequelize';
import type { FkGuardOptions } from 'sequelize-fk-guard';
import { problemTest } from '../problem-tester';

const kind = 'unsupported-table';

/** Checkout 2 would be an orphan of any of the parents. */
const library = (users: string): string => `
  create table people (id int primary key);
  create table "Checkouts" (id int primary key, "userId" int);
  insert into people values (1);
  insert into "Checkouts" values (1, 1), (2, 9);
  ${users}`;

function models(sequelize: Sequelize): void {
  const [user, checkout] = [sequelize.define('User', {}), sequelize.define('Checkout', {})];
  user.hasMany(checkout, { foreignKey: 'userId', onDelete: 'CASCADE' });
}
const LINE = "User.hasMany(Checkout, { onDelete: 'CASCADE' })";
const BEHIND = `No key is created and no row is counted or cleaned. Point at the table behind it, write constraints: false in ${LINE}, or leave the model out with exclude.`;
const ALLOWED: FkGuardOptions = {
  orphans: 'delete',
  fence: true,
  scan: 'all',
  limits: { rows: 1000, fraction: 1 },
};

const parents: readonly [what: string, users: string][] = [
  ['view', 'create view "Users" as select id from people'],
  [
    'materialized view',
    'create materialized view "Users" as select id from people; create unique index on "Users" (id)',
  ],
  [
    'foreign table',
    `create foreign data wrapper nothing; create server nowhere foreign data wrapper nothing;
     create foreign table "Users" (id int) server nowhere`,
  ],
];
for (const [what, users] of parents)
  problemTest({
    kind,
    title: `the parent is a ${what}`,
    schema: library(users),
    models,
    options: ALLOWED,
    findings: [
      {
        severity: 'warning',
        message: `public.Users, which Checkout.userId points at, is a ${what}, which no foreign key can point at.`,
        why: 'PostgreSQL has no foreign keys from or to views and foreign tables, and with plain inheritance a key and a query do not see the same rows. What the models promise here nothing keeps.',
        help: BEHIND,
        repair: 'manual',
      },
    ],
  });

problemTest({
  kind,
  title: 'the child is a view',
  schema: `
    create table "Users" (id int primary key);
    create table loans (id int primary key, "userId" int);
    insert into loans values (1, 9);
    create view "Checkouts" as select * from loans`,
  models,
  options: ALLOWED,
  findings: [
    {
      message: 'public.Checkouts, which holds Checkout.userId, is a view, which cannot have a foreign key.',
      help: BEHIND,
      repair: 'manual',
    },
  ],
});

const HEIRS = `
  create table "Users" (id int primary key);
  create table "Members" () inherits ("Users");
  insert into "Users" values (1);
  insert into "Members" values (9)`;
const IN_HEIRS =
  'public.Users, which Checkout.userId points at, has inheritance children, and a key does not see the rows in them.';

problemTest({
  kind,
  title:
    'the parent has inheritance children: a row with its parent in one of them is no orphan, nor is any other',
  schema: `${library(HEIRS)}; insert into "Checkouts" values (3, 77)`,
  models,
  options: ALLOWED,
  findings: [
    {
      message: IN_HEIRS,
      help: `No key is created and no row is counted or cleaned. Partition the table instead, write constraints: false in ${LINE}, or leave the model out with exclude.`,
      repair: 'manual',
    },
  ],
  besides: ['missing-foreign-key'],
  status: 'refused',
});

problemTest({
  kind,
  title: 'the child has inheritance children: its key holds for none of their rows',
  schema: `
    create table "Users" (id int primary key);
    create table "Checkouts" (id int primary key, "userId" int constraint fk references "Users" on update cascade on delete cascade);
    create table "Loans" () inherits ("Checkouts");
    insert into "Loans" values (1, 9)`,
  models,
  options: ALLOWED,
  findings: [
    {
      message:
        'public.Checkouts, which holds Checkout.userId, has inheritance children, and no key holds for the rows in them.',
      constraint: 'fk',
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title: 'silence: a valid key to a parent with inheritance children, which sees what it needs',
  schema: `${library(HEIRS)}; delete from "Checkouts" where id = 2;
    alter table "Checkouts" add foreign key ("userId") references "Users" on update cascade on delete cascade`,
  models,
  options: { scan: 'all' },
  findings: [],
});

problemTest({
  kind,
  title: 'silence: models that are stored in views and foreign tables, and relations without a key',
  schema: `${library('create view "Users" as select id from people')};
    create materialized view "Reports" as select id from people;
    create table "Bases" (id int primary key);
    create table heirs () inherits ("Bases")`,
  models(sequelize) {
    const [user, checkout] = [sequelize.define('User', {}), sequelize.define('Checkout', {})];
    user.hasMany(checkout, { foreignKey: 'userId', constraints: false });
    sequelize.define('Report', {});
    sequelize.define('Base', {});
  },
  findings: [],
});

problemTest({
  kind,
  title: 'silence: a partitioned table and its partitions, and a table that inherits from another',
  schema: `
    create table base (id int);
    create table "Users" (id int primary key) inherits (base);
    create table "Checkouts" (id int, "userId" int references "Users" on update cascade on delete cascade, primary key (id)) partition by range (id);
    create table checkouts_1 partition of "Checkouts" for values from (0) to (10);
    insert into "Users" values (1);
    insert into "Checkouts" values (1, 1)`,
  models,
  findings: [],
});
