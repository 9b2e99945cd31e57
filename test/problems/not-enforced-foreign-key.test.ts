import { undoConstraints } from '../../src/execution/undo';
import { createGuardCore } from '../../src/create-guard';
import { databaseAt } from '../../src/db';
import { createEvents } from '../../src/events';
import { parseForeignKeys } from '../../src/model/declared-keys';
import { parseOptions } from '../../src/parse-options';
import { createDatabase } from '../postgres/database';
import { since } from '../postgres/version';
import { problemTest, type ProblemCase } from '../problem-tester';

const kind = 'not-enforced-foreign-key';

const library = (checkouts: string, ...keys: readonly string[]): string => `
  create table users (id int primary key);
  create table checkouts (id int primary key, user_id int);
  insert into users select generate_series(1, 9);
  insert into checkouts values ${checkouts};
  ${keys.map((key) => `alter table checkouts add constraint ${key.replace('→', 'foreign key (user_id) references users')};`).join('\n')}`;
const CHECKOUTS = { child: 'public.checkouts(user_id)', parent: 'public.users(id)' } as const;
const FK = 'public.checkouts fk: FOREIGN KEY (user_id) REFERENCES users(id)';
const NOT_ENFORCED = 'The foreign key "fk" of public.checkouts.user_id is NOT ENFORCED.';
const swap = (actions: string): readonly string[] => [
  'lock table "public"."users" in access exclusive mode',
  `alter table "public"."checkouts" drop constraint "fk", add constraint "fk" foreign key ("user_id") references "public"."users" ("id") ${actions} not valid`,
];
const VALIDATE = 'alter table "public"."checkouts" validate constraint "fk"';

// NOT ENFORCED keys are of PostgreSQL 18.
const cases: readonly ProblemCase[] = since(
  18,
  {
    kind,
    title: 'orphans have come in: swapped, cleaned as its author wrote, validated',
    schema: library('(1, 1), (2, 99), (3, null)', 'fk → on delete cascade not enforced'),
    foreignKeys: [{ ...CHECKOUTS, onDelete: 'CASCADE' }],
    findings: [
      {
        severity: 'error',
        message: NOT_ENFORCED,
        why: 'A NOT ENFORCED key (PostgreSQL 18) is only a note: nothing stops orphans, and ON DELETE does nothing.',
        help: 'It is swapped for an enforced one, NOT VALID, and then validated: ALTER CONSTRAINT … ENFORCED would check every row while nobody can read the table.',
        constraint: 'fk',
        repair: 'automatic',
      },
    ],
    besides: ['orphaned-rows'],
    plan: [
      ...swap('on delete cascade on update no action'),
      'Quarantine and delete: orphans of public.checkouts (user_id): 1',
      VALIDATE,
    ],
    end: [
      `- ${FK} ON DELETE CASCADE NOT ENFORCED`,
      `+ ${FK} ON DELETE CASCADE`,
      '- "public"."checkouts" (2,99)',
    ],
  },
  {
    kind,
    title: 'nobody wrote an action: the live one is kept, and so is DEFERRABLE',
    schema: library('(1, 1)', 'fk → on delete set null deferrable initially deferred not enforced'),
    foreignKeys: [CHECKOUTS],
    findings: [{ message: NOT_ENFORCED, repair: 'automatic' }],
    besides: ['default-action-differs'],
    plan: [...swap('on delete set null on update no action deferrable initially deferred'), VALIDATE],
    end: [
      `- ${FK} ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED NOT ENFORCED`,
      `+ ${FK} ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED`,
    ],
  },
  {
    kind,
    title: 'an orphan of which nobody wrote what happens to it: the key stays as it is',
    schema: library('(1, 1), (2, 99)', 'fk → not enforced'),
    foreignKeys: [CHECKOUTS],
    findings: [
      {
        message: NOT_ENFORCED,
        repair: 'refused',
        refusal: `DEFAULT_ACTION: nobody wrote an ON DELETE action for public.checkouts.user_id; NO ACTION is only a default → onDelete in the model, or relations: { 'public.checkouts.user_id': { orphans: 'delete' | 'nullify' | 'keep' } }`,
      },
    ],
    besides: ['orphaned-rows'],
  },
  {
    kind,
    title: 'fence: true enforces it from now on, and leaves the orphan',
    schema: library('(1, 1), (2, 99)', 'fk → not enforced'),
    foreignKeys: [CHECKOUTS],
    options: { fence: true },
    findings: [{ message: NOT_ENFORCED, repair: 'automatic' }],
    besides: ['orphaned-rows'],
    plan: swap('on delete no action on update no action'),
    status: 'refused',
    end: [`- ${FK} NOT ENFORCED`, `+ ${FK} NOT VALID`],
  },
  {
    kind,
    title: 'wrong in its action and in when it is checked too: one swap mends all',
    schema: library('(1, 1)', 'fk → on delete restrict not enforced'),
    foreignKeys: [{ ...CHECKOUTS, onDelete: 'CASCADE', deferrable: 'INITIALLY DEFERRED' }],
    findings: [{ message: NOT_ENFORCED, repair: 'automatic' }],
    besides: ['wrong-on-delete', 'wrong-deferrable'],
    plan: [...swap('on delete cascade on update no action deferrable initially deferred'), VALIDATE],
    end: [
      `- ${FK} ON DELETE RESTRICT NOT ENFORCED`,
      `+ ${FK} ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED`,
    ],
  },
  {
    kind,
    title: 'a partitioned child: its partitions follow',
    schema: `
      create table users (id int primary key);
      create table logs (id int, user_id int, constraint fk foreign key (user_id) references users on delete cascade not enforced)
        partition by list (id);
      create table logs_1 partition of logs for values in (1);
      insert into users values (1); insert into logs values (1, 1), (1, 7)`,
    foreignKeys: [{ child: 'public.logs(user_id)', parent: 'public.users(id)', onDelete: 'CASCADE' }],
    findings: [
      { message: 'The foreign key "fk" of public.logs.user_id is NOT ENFORCED.', repair: 'automatic' },
    ],
    besides: ['orphaned-rows'],
    plan: [
      'lock table "public"."users" in access exclusive mode',
      'alter table "public"."logs" drop constraint "fk", add constraint "fk" foreign key ("user_id") references "public"."users" ("id") on delete cascade on update no action not valid',
      'Quarantine and delete: orphans of public.logs (user_id): 1',
      'alter table "public"."logs" validate constraint "fk"',
    ],
    end: [
      '- public.logs fk: FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE NOT ENFORCED',
      '- public.logs_1 fk: FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE NOT ENFORCED',
      '+ public.logs fk: FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE',
      '+ public.logs_1 fk: FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE',
      '- "public"."logs_1" (1,7)',
    ],
  },
  {
    kind,
    title: 'silence: a note beside a key that is enforced, which holds the relation',
    schema: library('(1, 1)', 'fk → on delete cascade not enforced', 'other → on delete cascade'),
    foreignKeys: [{ ...CHECKOUTS, onDelete: 'CASCADE' }],
    findings: [],
    besides: ['duplicate-foreign-key'],
    plan: [
      'lock table "public"."users" in access exclusive mode',
      'alter table "public"."checkouts" drop constraint "fk"',
    ],
    end: [`- ${FK} ON DELETE CASCADE NOT ENFORCED`],
  },
);
for (const problem of cases) problemTest({ ...problem, newest: true });

problemTest({
  kind,
  title: 'silence: a key that is NOT VALID is enforced',
  schema: library('(1, 1)', 'fk → on delete cascade not valid'),
  foreignKeys: [{ ...CHECKOUTS, onDelete: 'CASCADE' }],
  findings: [],
  besides: ['not-valid-foreign-key'],
  plan: [VALIDATE],
  end: [`- ${FK} ON DELETE CASCADE NOT VALID`, `+ ${FK} ON DELETE CASCADE`],
});

test.each(['not valid', ...since(18, 'not enforced')])(
  'an undo brings back a key that was %s as it was',
  async (state) => {
    const database = await createDatabase(kind);
    const settings = parseOptions({ logger: silent }, {});
    try {
      await database.query(library('(1, 1)', `fk → on delete restrict ${state}`));
      const { guard } = createGuardCore({
        database: databaseAt(database.url),
        expected: () => parseForeignKeys([{ ...CHECKOUTS, onDelete: 'CASCADE' }]),
        settings,
        uninstall: nothing,
        origin: 'this migration',
      });
      expect(await guard.apply()).toMatchObject({ status: 'repaired' });
      await undoConstraints(databaseAt(database.url), settings, createEvents(), 'this migration');
      expect(
        await database.query(
          `select pg_get_constraintdef(oid) as key from pg_constraint where conname = 'fk'`,
        ),
      ).toEqual([
        { key: `FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT ${state.toUpperCase()}` },
      ]);
    } finally {
      await database.drop();
    }
  },
);

const nothing = (): void => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
