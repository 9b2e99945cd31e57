import type { FkGuardOptions, ForeignKeyDeclaration } from 'sequelize-fk-guard';
import { problemTest } from '../../problem-tester';

const kind = 'orphaned-rows';

/** Two users; checkout 3 is an orphan, unless other checkouts are given. */
const library = (checkouts = '(1, 1), (2, null), (3, 9)', column = 'int', more = ''): string => `
  create table users (id int primary key);
  create table checkouts (id int primary key, user_id ${column});
  insert into users values (1), (2);
  insert into checkouts values ${checkouts};
  ${more}`;
const CHECKOUTS = { child: 'public.checkouts(user_id)', parent: 'public.users(id)' } as const;
const CASCADE = { ...CHECKOUTS, onDelete: 'CASCADE' } as const;
const DECIDE = `relations: { 'public.checkouts.user_id': { orphans: 'delete' | 'nullify' | 'keep' } }`;

interface Refused {
  readonly title: string;
  readonly schema: string;
  readonly key: ForeignKeyDeclaration;
  readonly refusal: string;
  readonly options?: FkGuardOptions;
  readonly rows?: number;
  readonly besides?: 'missing-foreign-key' | 'not-valid-foreign-key' | 'wrong-on-delete';
  readonly sampleKeys?: readonly string[];
  /** Which placeholders there are, as the message says it. */
  readonly placeholders?: string;
}

/** In each of them not one row changes, and no key is made either. */
const refusals: readonly Refused[] = [
  {
    title: 'nobody wrote an action',
    schema: library(),
    key: CHECKOUTS,
    refusal: `DEFAULT_ACTION: nobody wrote an ON DELETE action for public.checkouts.user_id; NO ACTION is only a default → onDelete in the model, or ${DECIDE}`,
  },
  ...(['RESTRICT', 'NO ACTION', 'SET DEFAULT'] as const).map((onDelete) => ({
    title: `ON DELETE ${onDelete} does not say what to do with the rows`,
    schema: library(),
    key: { ...CHECKOUTS, onDelete },
    refusal: `ACTION_FORBIDS: ON DELETE ${onDelete} ${onDelete === 'SET DEFAULT' ? 'would give these rows another parent' : 'says that parents with children stay'}, so it cannot say what to do with rows whose parent is gone → ${DECIDE}`,
  })),
  {
    title: 'the live key says something else than the author',
    schema: library(
      undefined,
      undefined,
      'alter table checkouts add constraint fk foreign key (user_id) references users on delete set null not valid',
    ),
    key: CASCADE,
    refusal: `LIVE_KEY_DISAGREES: the live key "fk" says ON DELETE SET NULL, and CASCADE is wanted → ${DECIDE}`,
    besides: 'wrong-on-delete',
  },
  {
    title: 'SET NULL was written for a NOT NULL column',
    schema: library('(1, 1), (3, 9)', 'int not null'),
    key: { ...CHECKOUTS, onDelete: 'SET NULL' },
    refusal: `SET_NULL_ON_NOT_NULL: user_id is NOT NULL, so it cannot be set to null → ${DECIDE}`,
  },
  {
    title: "orphans: 'nullify' for a NOT NULL column",
    schema: library('(1, 1), (3, 9)', 'int not null'),
    key: CASCADE,
    options: { orphans: 'nullify' },
    refusal: `SET_NULL_ON_NOT_NULL: user_id is NOT NULL, so it cannot be set to null → ${DECIDE}`,
  },
  ...(['0', '-1'] as const).map((placeholder) => ({
    title: `a placeholder ${placeholder} where there is no parent`,
    schema: library(`(1, 1), (2, ${placeholder}), (3, 9)`),
    key: CASCADE,
    options: { sampleKeys: 5 },
    rows: 2,
    sampleKeys: placeholder === '0' ? ['0', '9'] : ['-1', '9'],
    placeholders: `1 with ${placeholder}`,
    refusal: `SENTINEL_KEYS: 1 of the orphans has a placeholder (0, -1, an empty string, the nil uuid or the column's default) for a key → ${DECIDE}`,
  })),
  {
    title: 'the empty string and the nil uuid, each counted, without samples',
    schema: library(
      '(1, 1), (2, 9)',
      'text',
      `
      alter table users alter id type text;
      insert into checkouts values (3, ''), (4, ''), (5, '00000000-0000-0000-0000-000000000000'), (6, '0')`,
    ),
    key: CASCADE,
    rows: 5,
    placeholders: '2 with an empty string, 1 with 0, 1 with the nil uuid',
    refusal: `SENTINEL_KEYS: 4 of the orphans have a placeholder (0, -1, an empty string, the nil uuid or the column's default) for a key → ${DECIDE}`,
  },
  {
    title: 'a sibling that says of which table the row is',
    schema: library('(1, 1), (3, 9)', 'int, user_type text'),
    key: CASCADE,
    refusal: `POLYMORPHIC: "user_type" beside the column suggests that the rows may belong to other tables → ${DECIDE}`,
  },
  ...['"user_kind"', '"userType"', '"User_Kind"'].map((sibling) => ({
    title: `a sibling ${sibling} that says so`,
    schema: library('(1, 1), (3, 9)', `int, ${sibling} text`),
    key: CASCADE,
    refusal: `POLYMORPHIC: ${sibling} beside the column suggests that the rows may belong to other tables → ${DECIDE}`,
  })),
  {
    title: "orphans: 'keep'",
    schema: library(),
    key: CASCADE,
    options: { orphans: 'keep' },
    refusal: `KEEP: the option orphans says to keep the orphans of public.checkouts.user_id → ${DECIDE}`,
  },
  {
    title: "orphans: 'keep' for this relation, 'delete' for the others",
    schema: library(),
    key: CASCADE,
    options: {
      orphans: 'delete',
      relations: { 'public.checkouts.user_id': { orphans: 'keep', because: 'evidence' } },
    },
    refusal: `KEEP: the option relations['public.checkouts.user_id'].orphans says to keep the orphans of public.checkouts.user_id → ${DECIDE}`,
  },
  {
    title: 'more than 10 rows and more than a fifth of the table',
    schema: library('(1, 1)', 'int', 'insert into checkouts select i, i + 100 from generate_series(2, 12) i'),
    key: CASCADE,
    rows: 11,
    refusal:
      'LIMIT: 11 of the 12 rows of public.checkouts would go, more than 10 and more than 20 % of it → limits: { rows, fraction }',
  },
  {
    title: 'a parent without any row',
    schema: `${library()}; delete from users`,
    key: CASCADE,
    rows: 2,
    refusal:
      'EMPTY_PARENT: public.users is empty, so every row of public.checkouts looks orphaned → limits: { fraction: 1 }',
  },
  {
    title: 'a trigger that nobody allowed',
    schema: library(
      undefined,
      undefined,
      `
      create function note() returns trigger language plpgsql as 'begin return old; end';
      create trigger noted before delete on checkouts for each row execute function note()`,
    ),
    key: CASCADE,
    refusal:
      "USER_TRIGGER: the trigger or rule public.checkouts.noted would act on these rows → triggers: ['public.checkouts.noted']",
  },
  {
    title: 'a trigger of the table below, which the cascade would reach',
    schema: library(
      undefined,
      undefined,
      `
      create table fines (id int primary key, checkout_id int references checkouts on delete cascade);
      create function note() returns trigger language plpgsql as 'begin return old; end';
      create trigger noted after delete on fines for each row execute function note()`,
    ),
    key: CASCADE,
    refusal:
      "USER_TRIGGER: the trigger or rule public.fines.noted would act on these rows → triggers: ['public.fines.noted']",
  },
  {
    title: 'another key points at the column that would be set to null',
    schema: library(
      undefined,
      'int unique',
      `
      create table notes (id int primary key, user_id int constraint notes_fk references checkouts (user_id) on update cascade)`,
    ),
    key: { ...CHECKOUTS, onDelete: 'SET NULL' },
    refusal:
      'BLOCKED_BELOW: the key "notes_fk" of public.notes points at the column that would be set to null',
  },
];
for (const {
  title,
  schema,
  key,
  refusal,
  options,
  rows = 1,
  besides = 'missing-foreign-key',
  sampleKeys,
  placeholders,
} of refusals)
  problemTest({
    kind,
    title,
    schema,
    foreignKeys: [key],
    ...(options && { options }),
    findings: [
      {
        message: `${rows === 1 ? '1 row' : `${rows} rows`} of public.checkouts ${rows === 1 ? 'has' : 'have'} no parent in public.users (public.checkouts.user_id)${placeholders ? `; placeholders among them: ${placeholders}` : ''}.`,
        rows,
        repair: 'refused',
        refusal,
        ...(sampleKeys && { sampleKeys }),
      },
    ],
    besides:
      key.onDelete === 'SET NULL' && schema.includes('not null')
        ? [besides, 'impossible-set-null']
        : [besides],
  });

problemTest({
  kind,
  title: 'two authors wrote different actions',
  schema: library()
    .replaceAll('users', '"Users"')
    .replaceAll('checkouts', '"Checkouts"')
    .replaceAll('user_id', '"userId"'),
  models(sequelize) {
    const [user, checkout] = [sequelize.define('User', {}), sequelize.define('Checkout', {})];
    user.hasMany(checkout, { foreignKey: 'userId', onDelete: 'CASCADE' });
    checkout.belongsTo(user, { foreignKey: 'userId', onDelete: 'SET NULL' });
  },
  findings: [
    {
      message: '1 row of public.Checkouts has no parent in public.Users (Checkout.userId).',
      rows: 1,
      repair: 'refused',
      refusal: `CONTRADICTION: the models name different ON DELETE actions for Checkout.userId → relations: { 'Checkout.userId': { orphans: 'delete' | 'nullify' | 'keep' } }`,
    },
  ],
  besides: ['contradictory-models', 'missing-foreign-key'],
});
