import { DataTypes, type Sequelize } from 'sequelize';
import { problemTest } from '../problem-tester';

const kind = 'missing-primary-key';

const users = (sequelize: Sequelize) => sequelize.define('User', {});
const NO_KEY = 'public.Users has no primary key; the model User says id.';

problemTest({
  kind,
  title: 'ids that are unique and never null',
  schema: `create table "Users" (id int not null, name text); insert into "Users" values (1, 'a'), (2, 'b')`,
  models: users,
  findings: [
    {
      severity: 'error',
      message: NO_KEY,
      why: 'Nothing keeps the ids of this table unique, and no foreign key can point at it (42830: there is no unique constraint matching given keys).',
      help: 'A unique index is built without blocking writers and becomes the primary key.',
      repair: 'automatic',
    },
  ],
  plan: [
    'create unique index concurrently "Users_id_idx" on "public"."Users" ("id")',
    'alter table "public"."Users" add constraint "Users_pkey" primary key using index "Users_id_idx"',
  ],
  end: [
    '+ public."Users" "Users_pkey": PRIMARY KEY (id)',
    '+ CREATE UNIQUE INDEX "Users_pkey" ON public."Users" USING btree (id)',
  ],
});

const ODD = '"Ünïts.of 63 bytes"."üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüC"';

problemTest({
  kind,
  title: 'a composite key in nullable columns, under the longest and oddest names',
  schema: `
    create schema "Ünïts.of 63 bytes";
    create table ${ODD} (tenant int, "öööööööööööööööööööööööööööööööK" int);
    insert into ${ODD} values (1, 1), (1, 2), (2, 1)`,
  models(sequelize) {
    const column = { type: DataTypes.INTEGER, primaryKey: true };
    sequelize.define(
      'Odd',
      { tenant: column, key: { ...column, field: 'öööööööööööööööööööööööööööööööK' } },
      { schema: 'Ünïts.of 63 bytes', tableName: 'üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüC' },
    );
  },
  findings: [
    {
      message:
        '"Ünïts.of 63 bytes".üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüC has no primary key; the model Odd says tenant, öööööööööööööööööööööööööööööööK.',
      repair: 'automatic',
    },
  ],
  plan: [
    `create unique index concurrently "üüüüüüüüüüüüüü_tenant_ööööööööööö_idx" on ${ODD} ("tenant", "öööööööööööööööööööööööööööööööK")`,
    `alter table ${ODD} add constraint "üüüüüüüüüüüüü_tenant_ööööööööö_not_null" check ("tenant" is not null and "öööööööööööööööööööööööööööööööK" is not null) not valid`,
    `alter table ${ODD} validate constraint "üüüüüüüüüüüüü_tenant_ööööööööö_not_null"`,
    `alter table ${ODD} add constraint "üüüüüüüüüüüüüüüüüüüüüüüüüüüüü_pkey" primary key using index "üüüüüüüüüüüüüü_tenant_ööööööööööö_idx"`,
    `alter table ${ODD} drop constraint "üüüüüüüüüüüüü_tenant_ööööööööö_not_null"`,
  ],
  end: [
    `- ${ODD} tenant integer`,
    `- ${ODD} "öööööööööööööööööööööööööööööööK" integer`,
    `+ ${ODD} tenant integer not null`,
    `+ ${ODD} "öööööööööööööööööööööööööööööööK" integer not null`,
    `+ ${ODD} "üüüüüüüüüüüüüüüüüüüüüüüüüüüüü_pkey": PRIMARY KEY (tenant, "öööööööööööööööööööööööööööööööK")`,
    `+ CREATE UNIQUE INDEX "üüüüüüüüüüüüüüüüüüüüüüüüüüüüü_pkey" ON ${ODD} USING btree (tenant, "öööööööööööööööööööööööööööööööK")`,
  ],
});

problemTest({
  kind,
  title: 'an invalid index that an interrupted build has left: dropped and built again',
  schema: `
    create table "Users" (id int not null);
    insert into "Users" values (1);
    create unique index "left.over" on "Users" (id);
    update pg_index set indisvalid = false where indexrelid = '"left.over"'::regclass`,
  models: users,
  findings: [{ message: NO_KEY, repair: 'automatic' }],
  plan: [
    'drop index concurrently if exists "public"."left.over"',
    'create unique index concurrently "left.over" on "public"."Users" ("id")',
    'alter table "public"."Users" add constraint "Users_pkey" primary key using index "left.over"',
  ],
  end: [
    '- CREATE UNIQUE INDEX "left.over" ON public."Users" USING btree (id) (invalid)',
    '+ public."Users" "Users_pkey": PRIMARY KEY (id)',
    '+ CREATE UNIQUE INDEX "Users_pkey" ON public."Users" USING btree (id)',
  ],
});

problemTest({
  kind,
  title: 'a unique index that is there already becomes the key',
  schema: `create table "Users" (id int not null); create unique index ready on "Users" (id)`,
  models: users,
  findings: [{ message: NO_KEY, repair: 'automatic' }],
  plan: ['alter table "public"."Users" add constraint "Users_pkey" primary key using index "ready"'],
  end: [
    '- CREATE UNIQUE INDEX ready ON public."Users" USING btree (id)',
    '+ public."Users" "Users_pkey": PRIMARY KEY (id)',
    '+ CREATE UNIQUE INDEX "Users_pkey" ON public."Users" USING btree (id)',
  ],
});

problemTest({
  kind,
  title: 'names that other tables of the schema have taken',
  schema: `
    create table "Users" (id int not null);
    create table other (a int, b int);
    create index "Users_id_idx" on other (a);
    create index "Users_pkey" on other (b)`,
  models: users,
  findings: [{ message: NO_KEY, repair: 'automatic' }],
  plan: [
    'create unique index concurrently "Users_id_idx1" on "public"."Users" ("id")',
    'alter table "public"."Users" add constraint "Users_pkey1" primary key using index "Users_id_idx1"',
  ],
  end: [
    '+ public."Users" "Users_pkey1": PRIMARY KEY (id)',
    '+ CREATE UNIQUE INDEX "Users_pkey1" ON public."Users" USING btree (id)',
  ],
});

problemTest({
  kind,
  title: 'a relation waits for the key: first the key, then the fence, the clean-up and the proof',
  schema: `
    create table "Users" (id int not null);
    create table "Checkouts" (id int primary key, "userId" int);
    insert into "Users" values (1);
    insert into "Checkouts" values (1, 1), (2, 9)`,
  models: (sequelize) =>
    void users(sequelize).hasMany(sequelize.define('Checkout', {}), {
      foreignKey: 'userId',
      onDelete: 'CASCADE',
    }),
  findings: [{ message: NO_KEY, repair: 'automatic' }],
  besides: ['orphaned-rows', 'missing-foreign-key'],
  plan: [
    'create unique index concurrently "Users_id_idx" on "public"."Users" ("id")',
    'alter table "public"."Users" add constraint "Users_pkey" primary key using index "Users_id_idx"',
    'lock table "public"."Users" in share row exclusive mode',
    'alter table "public"."Checkouts" add constraint "Checkouts_userId_fkey" foreign key ("userId") references "public"."Users" ("id") on delete cascade on update cascade not valid',
    'Quarantine and delete: orphans of public.Checkouts (userId): 1',
    'alter table "public"."Checkouts" validate constraint "Checkouts_userId_fkey"',
  ],
  end: [
    '+ public."Checkouts" "Checkouts_userId_fkey": FOREIGN KEY ("userId") REFERENCES "Users"(id) ON UPDATE CASCADE ON DELETE CASCADE',
    '+ public."Users" "Users_pkey": PRIMARY KEY (id)',
    '+ CREATE UNIQUE INDEX "Users_pkey" ON public."Users" USING btree (id)',
    '- "public"."Checkouts" (2,9)',
  ],
});

const refusals: readonly [title: string, values: string, sampleKeys: readonly string[], refusal: string][] = [
  [
    'ids that occur twice',
    '(1), (2), (2), (3), (3), (3)',
    ['2', '3'],
    'DUPLICATE_VALUES: 2 values occur more than once: 2, 3',
  ],
  ['rows without an id', '(1), (null), (null)', [], 'NULL_VALUES: 2 rows have no value'],
];
for (const [title, values, sampleKeys, refusal] of refusals)
  problemTest({
    kind,
    title,
    schema: `create table "Users" (id int); insert into "Users" values ${values}`,
    models: users,
    findings: [{ message: NO_KEY, repair: 'refused', refusal, ...(sampleKeys.length > 0 && { sampleKeys }) }],
  });

problemTest({
  kind,
  title: 'silence: a key of another name, a model without one, a view',
  schema: `
    create table "Users" (id int constraint odd primary key);
    create table "Logs" (line text);
    create view "Reports" as select id from "Users"`,
  models(sequelize) {
    users(sequelize);
    sequelize.define('Log', { line: DataTypes.TEXT }).removeAttribute('id');
    sequelize.define('Report', {});
  },
  findings: [],
});

const EVENTS = 'create table "Events" (id int, at int) partition by';
for (const [by, why] of [
  ['range (at)', 'public.Events is partitioned by at, which a unique index of it must hold'],
  [
    'range ((id + at))',
    'public.Events is partitioned by an expression, which a unique index of it must hold',
  ],
  [
    'list (id)',
    'give each partition its primary key, then add it with "alter table only", then attach their indexes',
  ],
] as const)
  problemTest({
    kind,
    title: `a table that is partitioned by ${by}`,
    schema: `${EVENTS} ${by}`,
    models: (sequelize) =>
      void sequelize.define('Event', {
        id: { type: DataTypes.INTEGER, primaryKey: true },
        at: DataTypes.INTEGER,
      }),
    findings: [
      {
        message: 'public.Events has no primary key; the model Event says id.',
        repair: 'refused',
        refusal: `PARTITIONED: ${why}`,
      },
    ],
  });
