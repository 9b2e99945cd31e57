import type { Sequelize } from 'sequelize';
import { problemTest } from '../problem-tester';

const kind = 'half-null-key';

const library = (columns: string, values: string, more = ''): string => `
  create schema "S.";
  create table "S."."Us""ers" (tenant int, "ID" int, primary key (tenant, "ID"));
  create table "S."."Cards" (no int primary key, ${columns});
  insert into "S."."Us""ers" values (1, 1);
  insert into "S."."Cards" values ${values};
  ${more}`;
const BOTH = 'tenant int, "User" int';
const ROWS = '(1, 1, 1), (2, null, null), (3, 9, null), (4, null, 9), (5, 8, null), (6, 9, null)';
const CARDS = {
  child: '"S.".Cards(tenant,User)',
  parent: '"S."."Us""ers"(tenant,ID)',
  onDelete: 'CASCADE',
} as const;
const KEY = 'foreign key (tenant, "User") references "S."."Us""ers"';
const FOUR =
  '4 rows of "S.".Cards have a null in one part of the key (tenant, User) and a value in another: PostgreSQL checks no parent for them.';
const FILL =
  'If these rows have no parent, set all of the columns to null; if they have one, fill them. A CHECK with num_nulls, or MATCH FULL in the key, keeps such rows out.';
const CREATE = [
  'lock table "S."."Us""ers" in share row exclusive mode',
  'alter table "S."."Cards" add constraint "Cards_tenant_User_fkey" foreign key ("tenant", "User") references "S."."Us""ers" ("tenant", "ID") on delete cascade on update no action not valid',
  'alter table "S."."Cards" validate constraint "Cards_tenant_User_fkey"',
];
const CREATED =
  '+ "S."."Cards" "Cards_tenant_User_fkey": FOREIGN KEY (tenant, "User") REFERENCES "S."."Us""ers"(tenant, "ID") ON DELETE CASCADE';

problemTest({
  kind,
  title: 'rows that no key looks at are told with their number, and left when the key comes',
  schema: library(BOTH, ROWS),
  foreignKeys: [CARDS],
  options: { orphans: 'delete', limits: { rows: 1000, fraction: 1 } },
  findings: [
    {
      severity: 'info',
      message: FOUR,
      why: 'Of a composite key (MATCH SIMPLE) PostgreSQL checks no row with a null in one of the columns: what stands in the other columns may name a parent that does not exist. Such rows are no orphans, and no ON DELETE ever reaches them.',
      help: FILL,
      rows: 4,
      repair: 'manual',
    },
  ],
  besides: ['missing-foreign-key'],
  plan: CREATE,
  end: [CREATED],
});

problemTest({
  kind,
  title: 'under a valid key too, with sample keys on request',
  schema: library(BOTH, ROWS, `alter table "S."."Cards" add constraint fk ${KEY} on delete cascade`),
  foreignKeys: [CARDS],
  options: { sampleKeys: 2 },
  findings: [
    { message: FOUR, rows: 4, sampleKeys: ['(8, null)', '(9, null)'], constraint: 'fk', repair: 'manual' },
  ],
});

problemTest({
  kind,
  title: 'only one column may be null: this may be how a row has no parent',
  schema: library('tenant int not null, "User" int', '(1, 1, 1), (2, 9, null)'),
  foreignKeys: [CARDS],
  findings: [
    {
      message:
        '1 row of "S.".Cards has a null in one part of the key (tenant, User) and a value in another: PostgreSQL checks no parent for it.',
      help: 'Only User may be null, so this may simply be how a row has no parent. If it is not, fill it or make it NOT NULL.',
      rows: 1,
      repair: 'manual',
    },
  ],
  besides: ['missing-foreign-key'],
  plan: CREATE,
  end: [CREATED],
});

problemTest({
  kind,
  title: 'MATCH FULL that is not valid has not looked at the rows that were there before it',
  schema: library(
    BOTH,
    '(1, 1, 1), (2, 9, null)',
    `alter table "S."."Cards" add constraint fk ${KEY} match full on delete cascade not valid`,
  ),
  foreignKeys: [CARDS],
  findings: [
    {
      message:
        '1 row of "S.".Cards has a null in one part of the key (tenant, User) and a value in another: PostgreSQL checks no parent for it.',
      rows: 1,
      repair: 'manual',
    },
  ],
  besides: ['not-valid-foreign-key'],
  status: 'refused',
});

problemTest({
  kind: 'not-valid-foreign-key',
  title: 'MATCH FULL over rows that are half null: a validation would only fail, so none is tried',
  schema: library(
    BOTH,
    '(1, 1, 1), (2, 9, null), (3, 7, 7)',
    `alter table "S."."Cards" add constraint fk ${KEY} match full on delete cascade not valid`,
  ),
  foreignKeys: [CARDS],
  findings: [
    {
      message: 'The foreign key "fk" of "S.".Cards.tenant,User is NOT VALID.',
      repair: 'refused',
      refusal:
        'MATCH_FULL: 1 row has a null in a part of the key, which "fk" (MATCH FULL) forbids: fill the columns or set all of them to null',
    },
  ],
  besides: ['orphaned-rows'],
});

problemTest({
  kind,
  title:
    'half null rows hide under a valid MATCH FULL key that is switched off, and it is not swapped over them',
  schema: library(
    BOTH,
    '(1, 1, 1)',
    `alter table "S."."Cards" add constraint fk ${KEY} match full on delete cascade;
     alter table "S."."Cards" disable trigger all;
     insert into "S."."Cards" values (2, 9, null), (3, 7, 7)`,
  ),
  foreignKeys: [CARDS],
  findings: [
    {
      message:
        '1 row of "S.".Cards has a null in one part of the key (tenant, User) and a value in another: PostgreSQL checks no parent for it.',
      rows: 1,
      repair: 'manual',
    },
  ],
  besides: ['orphaned-rows', 'disabled-trigger'],
  status: 'refused',
});

/** Composite keys cannot be said in models: the table is a model's, the key is the database's own. */
const cards = (sequelize: Sequelize) =>
  void sequelize.define('Card', {}, { schema: 'S.', tableName: 'Cards' });

problemTest({
  kind,
  title: 'two keys that no model declares, on the same columns: told once',
  schema: library(
    BOTH,
    '(1, 1, 1), (2, 9, null)',
    `alter table "S."."Cards" rename no to id;
     alter table "S."."Cards" add constraint fk ${KEY}, add constraint fk2 ${KEY}`,
  ),
  models: cards,
  findings: [
    {
      message:
        '1 row of "S.".Cards has a null in one part of the key (tenant, User) and a value in another: PostgreSQL checks no parent for it.',
      rows: 1,
      constraint: 'fk',
      repair: 'manual',
    },
  ],
  besides: ['unclaimed-foreign-key', 'unclaimed-foreign-key'],
});

problemTest({
  kind,
  title: 'silence: all or nothing is null, columns that cannot be null, MATCH FULL, a key of one column',
  schema: `${library(BOTH, '(1, 1, 1), (2, null, null)', `alter table "S."."Cards" rename no to id`)};
    create table "S."."Tickets" (id int, a int not null, b int not null, ${KEY.replace('(tenant, "User")', '(a, b)')});
    create table "S."."Stamps" (id int, a int, b int, ${KEY.replace('(tenant, "User")', '(a, b)')} match full);
    create table "S."."Odd" (id int primary key, one int references "S."."Odd");
    insert into "S."."Stamps" values (1, null, null);
    insert into "S."."Odd" values (1, null);
    alter table "S."."Cards" add constraint fk ${KEY}`,
  models(sequelize) {
    cards(sequelize);
    for (const tableName of ['Tickets', 'Stamps', 'Odd'])
      sequelize.define(tableName, {}, { schema: 'S.', tableName }).removeAttribute('id');
  },
  findings: [],
  besides: [
    'unclaimed-foreign-key',
    'unclaimed-foreign-key',
    'unclaimed-foreign-key',
    'unclaimed-foreign-key',
  ],
});
