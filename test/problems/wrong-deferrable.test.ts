import { DataTypes, Deferrable, type Sequelize } from 'sequelize';
import { createGuardCore } from '../../src/create-guard';
import { databaseAt } from '../../src/db';
import { createEvents } from '../../src/events';
import { undoConstraints } from '../../src/execution/undo';
import { parseForeignKeys } from '../../src/model/declared-keys';
import { parseOptions } from '../../src/parse-options';
import { createDatabase } from '../postgres/database';
import { problemTest } from '../problem-tester';

const kind = 'wrong-deferrable';

/** Checkouts with keys on their user, each as `name → actions`. */
const library = (...keys: readonly string[]): string => `
  create table "Users" (id int primary key);
  create table "Checkouts" (id int primary key, "userId" int);
  insert into "Users" values (1), (2);
  insert into "Checkouts" values (1, 1), (2, 2), (3, null);
  ${keys.map((key) => `alter table "Checkouts" add constraint ${key.replace('→', 'foreign key ("userId") references "Users"')};`).join('\n')}`;
const CHECKOUTS = { child: 'public.Checkouts(userId)', parent: 'public.Users(id)' } as const;
const FK = 'public."Checkouts" fk: FOREIGN KEY ("userId") REFERENCES "Users"(id)';
const says = (is: string, wanted: string): string =>
  `The foreign key "fk" of public.Checkouts.userId is ${is}; ${wanted} is wanted.`;
const alter = (deferrability: string): string =>
  `alter table "public"."Checkouts" alter constraint "fk" ${deferrability}`;

problemTest({
  kind,
  title: 'immediate where the author wrote deferred: altered in place, and still valid',
  schema: library('fk → on delete cascade'),
  foreignKeys: [{ ...CHECKOUTS, deferrable: 'INITIALLY DEFERRED' }],
  findings: [
    {
      severity: 'error',
      message: says('NOT DEFERRABLE', 'DEFERRABLE INITIALLY DEFERRED'),
      why: 'The key is checked at another time than the models say: a transaction that writes children before their parents fails (23503), or learns only at its COMMIT what is wrong.',
      help: 'It is altered in place for an instant, stays valid, and no row is looked at.',
      constraint: 'fk',
      repair: 'automatic',
    },
  ],
  besides: ['default-action-differs'],
  plan: [alter('deferrable initially deferred')],
  end: [`- ${FK} ON DELETE CASCADE`, `+ ${FK} ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED`],
});

problemTest({
  kind,
  title: 'deferred where the author wrote immediate',
  schema: library('fk → deferrable initially deferred'),
  foreignKeys: [{ ...CHECKOUTS, deferrable: 'INITIALLY IMMEDIATE' }],
  findings: [
    {
      message: says('DEFERRABLE INITIALLY DEFERRED', 'DEFERRABLE INITIALLY IMMEDIATE'),
      repair: 'automatic',
    },
  ],
  plan: [alter('deferrable initially immediate')],
  end: [`- ${FK} DEFERRABLE INITIALLY DEFERRED`, `+ ${FK} DEFERRABLE`],
});

problemTest({
  kind,
  title: 'models: NOT DEFERRABLE in the attribute, and a deferrable key in a schema of another name',
  schema: `
    create schema "Lending.desk";
    create table "Lending.desk"."Üsers" (id int primary key);
    create table "Lending.desk"."Check→outs" (id int primary key, "user.Id" int, constraint "by ""user"
      foreign key ("user.Id") references "Lending.desk"."Üsers" on update cascade deferrable);
    insert into "Lending.desk"."Üsers" values (1);
    insert into "Lending.desk"."Check→outs" values (1, 1)`,
  models(sequelize: Sequelize) {
    const schema = 'Lending.desk';
    const user = sequelize.define('User', {}, { schema, tableName: 'Üsers' });
    const checkout = sequelize.define(
      'Checkout',
      {
        userId: {
          type: DataTypes.INTEGER,
          field: 'user.Id',
          references: { model: user, key: 'id', deferrable: new Deferrable.NOT() },
        },
      },
      { schema, tableName: 'Check→outs' },
    );
    checkout.belongsTo(user, { foreignKey: 'userId' });
  },
  findings: [
    {
      message:
        'The foreign key "by "user" of Checkout.userId is DEFERRABLE INITIALLY IMMEDIATE; NOT DEFERRABLE is wanted.',
      repair: 'automatic',
    },
  ],
  plan: ['alter table "Lending.desk"."Check→outs" alter constraint "by ""user" not deferrable'],
  end: [
    '- "Lending.desk"."Check→outs" "by ""user": FOREIGN KEY ("user.Id") REFERENCES "Lending.desk"."Üsers"(id) ON UPDATE CASCADE DEFERRABLE',
    '+ "Lending.desk"."Check→outs" "by ""user": FOREIGN KEY ("user.Id") REFERENCES "Lending.desk"."Üsers"(id) ON UPDATE CASCADE',
  ],
});

problemTest({
  kind,
  title: 'a key that is wrong in its action too: one swap mends both',
  schema: library('fk → deferrable'),
  foreignKeys: [{ ...CHECKOUTS, onDelete: 'CASCADE', deferrable: 'NOT DEFERRABLE' }],
  findings: [{ message: says('DEFERRABLE INITIALLY IMMEDIATE', 'NOT DEFERRABLE'), repair: 'automatic' }],
  besides: ['wrong-on-delete'],
  plan: [
    'lock table "public"."Users" in access exclusive mode',
    'alter table "public"."Checkouts" drop constraint "fk", add constraint "fk" foreign key ("userId") references "public"."Users" ("id") on delete cascade on update no action not valid',
    'alter table "public"."Checkouts" validate constraint "fk"',
  ],
  end: [`- ${FK} DEFERRABLE`, `+ ${FK} ON DELETE CASCADE`],
});

problemTest({
  kind,
  title: 'a key that is NOT VALID, with an orphan that must stay: it is altered all the same',
  schema: `${library()} insert into "Checkouts" values (4, 9);
    alter table "Checkouts" add constraint fk foreign key ("userId") references "Users" not valid`,
  foreignKeys: [{ ...CHECKOUTS, deferrable: 'INITIALLY DEFERRED' }],
  findings: [{ message: says('NOT DEFERRABLE', 'DEFERRABLE INITIALLY DEFERRED'), repair: 'automatic' }],
  besides: ['orphaned-rows', 'not-valid-foreign-key'],
  plan: [alter('deferrable initially deferred')],
  status: 'refused',
  end: [`- ${FK} NOT VALID`, `+ ${FK} DEFERRABLE INITIALLY DEFERRED NOT VALID`],
});

problemTest({
  kind,
  title: 'two keys, one of them deferrable as it is wanted: that one stays',
  schema: library('fk →', 'other → deferrable initially deferred'),
  foreignKeys: [{ ...CHECKOUTS, deferrable: 'INITIALLY DEFERRED' }],
  findings: [],
  besides: ['duplicate-foreign-key'],
  plan: [
    'lock table "public"."Users" in access exclusive mode',
    'alter table "public"."Checkouts" drop constraint "fk"',
  ],
  end: [`- ${FK}`],
});

problemTest({
  kind,
  title: 'a partitioned child, two levels deep: every partition follows',
  schema: `
    create table users (id int primary key);
    create table logs (id int, user_id int constraint fk references users) partition by list (id);
    create table logs_1 partition of logs for values in (1) partition by list (user_id);
    create table logs_11 partition of logs_1 default`,
  foreignKeys: [
    { child: 'public.logs(user_id)', parent: 'public.users(id)', deferrable: 'INITIALLY DEFERRED' },
  ],
  findings: [
    {
      message:
        'The foreign key "fk" of public.logs.user_id is NOT DEFERRABLE; DEFERRABLE INITIALLY DEFERRED is wanted.',
      repair: 'automatic',
    },
  ],
  plan: ['alter table "public"."logs" alter constraint "fk" deferrable initially deferred'],
  end: ['logs', 'logs_1', 'logs_11']
    .flatMap((table) => [
      `- public.${table} fk: FOREIGN KEY (user_id) REFERENCES users(id)`,
      `+ public.${table} fk: FOREIGN KEY (user_id) REFERENCES users(id) DEFERRABLE INITIALLY DEFERRED`,
    ])
    .sort((a, b) => (a.startsWith('-') ? 0 : 1) - (b.startsWith('-') ? 0 : 1)),
});

problemTest({
  kind,
  title: 'silence: the models say nothing about it',
  schema: library('fk → deferrable initially deferred'),
  foreignKeys: [CHECKOUTS],
  findings: [],
});

problemTest({
  kind,
  title: 'silence: as the models say',
  schema: library('fk → deferrable initially deferred'),
  foreignKeys: [{ ...CHECKOUTS, deferrable: 'INITIALLY DEFERRED' }],
  findings: [],
});

test('an undo makes the key as deferrable as it was, and keeps it valid', async () => {
  const database = await createDatabase(kind);
  const settings = parseOptions({ logger: silent }, {});
  const definition = () =>
    database.query(`select pg_get_constraintdef(oid) as key from pg_constraint where conname = 'fk'`);
  try {
    await database.query(library('fk → deferrable'));
    const before = await definition();
    const { guard } = createGuardCore({
      database: databaseAt(database.url),
      expected: () => parseForeignKeys([{ ...CHECKOUTS, deferrable: 'INITIALLY DEFERRED' }]),
      settings,
      uninstall: nothing,
      origin: 'this migration',
    });
    expect(await guard.apply()).toMatchObject({ status: 'repaired' });
    expect(await definition()).not.toEqual(before);
    await undoConstraints(databaseAt(database.url), settings, createEvents(), 'this migration');
    expect(await definition()).toEqual(before);
  } finally {
    await database.drop();
  }
});

const nothing = (): void => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
