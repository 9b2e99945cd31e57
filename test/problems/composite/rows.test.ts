import { problemTest } from '../../problem-tester';
import {
  add,
  alter,
  BOOKS,
  BOOKS_ID,
  COLUMNS,
  GOOD,
  library,
  lockParent,
  ORPHANS,
  printed,
  straight,
  turned,
  validate,
} from './setting';

const NAME = 'Books_tenant_author,Id_fkey';
const TWO_ORPHANS = `2 rows of "my.lib".Books have no parent in "my.lib"."Author""s" (${BOOKS_ID}).`;
const KEYS = ['(2, 2)', '(3, 1)'];

problemTest({
  kind: 'orphaned-rows',
  title: 'CASCADE: rows whose columns have no parent together go, half null ones stay',
  schema: library(COLUMNS, GOOD + ORPHANS),
  foreignKeys: [{ ...BOOKS, onDelete: 'CASCADE' }],
  findings: [{ message: TWO_ORPHANS, rows: 2, sampleKeys: KEYS, repair: 'automatic' }],
  options: { sampleKeys: 5 },
  besides: ['missing-foreign-key'],
  plan: [
    lockParent(),
    alter(add(NAME, 'on delete cascade on update no action')),
    'Quarantine and delete: orphans of "my.lib".Books (tenant, author,Id): 2',
    validate(NAME),
  ],
  end: [
    `+ ${printed(`"${NAME}"`, ' ON DELETE CASCADE')}`,
    '- "my.lib"."Books" (6,2,2)',
    '- "my.lib"."Books" (7,3,1)',
  ],
});

problemTest({
  kind: 'orphaned-rows',
  title: 'SET NULL: all columns of the key, as PostgreSQL does it',
  schema: library(COLUMNS, GOOD + ORPHANS),
  foreignKeys: [{ ...BOOKS, onDelete: 'SET NULL' }],
  findings: [{ message: TWO_ORPHANS, rows: 2, repair: 'automatic' }],
  besides: ['missing-foreign-key'],
  plan: [
    lockParent(),
    alter(add(NAME, 'on delete set null on update no action')),
    'Quarantine and set to null: orphans of "my.lib".Books (tenant, author,Id): 2',
    validate(NAME),
  ],
  end: [
    `+ ${printed(`"${NAME}"`, ' ON DELETE SET NULL')}`,
    '- "my.lib"."Books" (6,2,2)',
    '- "my.lib"."Books" (7,3,1)',
    '+ "my.lib"."Books" (6,,)',
    '+ "my.lib"."Books" (7,,)',
  ],
});

problemTest({
  kind: 'orphaned-rows',
  title: 'a NOT NULL tenant: the refusal names the column that could be null',
  schema: library('tenant int not null, "author,Id" int', `insert into "my.lib"."Books" values (6, 2, 2);`),
  foreignKeys: [{ ...BOOKS, onDelete: 'SET NULL' }],
  findings: [
    {
      message: `1 row of "my.lib".Books has no parent in "my.lib"."Author""s" (${BOOKS_ID}).`,
      rows: 1,
      repair: 'refused',
      refusal: `SET_NULL_ON_NOT_NULL: tenant is NOT NULL, so it cannot be set to null → onDeleteColumns: ['author,Id'] in the declaration, or relations: { '${BOOKS_ID}': { orphans: 'delete' | 'nullify' | 'keep' } }`,
    },
  ],
  besides: ['missing-foreign-key', 'impossible-set-null'],
});

problemTest({
  kind: 'orphaned-rows',
  title: 'a tenant that is a key of its own would be lost with the author',
  schema: library(
    COLUMNS,
    `create table tenants (id int primary key); insert into tenants values (1), (2), (3), (9);
     ${GOOD + ORPHANS}
     alter table "my.lib"."Books" add constraint "of tenant" foreign key (tenant) references tenants`,
  ),
  foreignKeys: [{ ...BOOKS, onDelete: 'SET NULL' }],
  findings: [
    {
      message: TWO_ORPHANS,
      rows: 2,
      repair: 'refused',
      refusal: `SHARED_COLUMN: tenant of "my.lib".Books belongs to the key "of tenant" too, which would lose its parent with it → onDelete: 'SET NULL' and onDeleteColumns with the columns to set, in the declaration`,
    },
  ],
  besides: ['missing-foreign-key', 'unclaimed-foreign-key'],
});

problemTest({
  kind: 'orphaned-rows',
  title: 'a placeholder in one column is a placeholder',
  schema: library(COLUMNS, `${GOOD} insert into "my.lib"."Books" values (6, 1, 0);`),
  foreignKeys: [{ ...BOOKS, onDelete: 'CASCADE' }],
  findings: [
    {
      message: `1 row of "my.lib".Books has no parent in "my.lib"."Author""s" (${BOOKS_ID}); placeholders among them: 1 with 0.`,
      rows: 1,
      repair: 'refused',
      refusal: `SENTINEL_KEYS: 1 of the orphans has a placeholder (0, -1, an empty string, the nil uuid or the column's default) for a key → relations: { '${BOOKS_ID}': { orphans: 'delete' | 'nullify' | 'keep' } }`,
    },
  ],
  besides: ['missing-foreign-key'],
});

problemTest({
  kind: 'orphaned-rows',
  title: 'a type column beside one of the columns: the rows may belong elsewhere',
  schema: `
    create table parents (tenant int, id int, primary key (tenant, id));
    create table notes (tenant int, subject_id int, subject_type text);
    insert into notes values (1, 1, 'Book')`,
  foreignKeys: [
    { child: 'public.notes(tenant,subject_id)', parent: 'public.parents(tenant,id)', onDelete: 'CASCADE' },
  ],
  findings: [
    {
      message: '1 row of public.notes has no parent in public.parents (public.notes.tenant,subject_id).',
      rows: 1,
      repair: 'refused',
      refusal: `POLYMORPHIC: "subject_type" beside the column suggests that the rows may belong to other tables → relations: { 'public.notes.tenant,subject_id': { orphans: 'delete' | 'nullify' | 'keep' } }`,
    },
  ],
  besides: ['missing-foreign-key'],
});

problemTest({
  kind: 'orphaned-rows',
  title: 'cascades and nullifications through composite keys below are copied and come back',
  schema: `
    create table p (a int, b int, primary key (a, b));
    create table c (x int, y int, z int, primary key (x, y, z));
    create table "g.g" (z int, y int, x int, note text,
      constraint g_c foreign key (y, z, x) references c (y, z, x) on delete cascade);
    create table n (x int, z int, y int, constraint n_c foreign key (x, y, z) references c on delete set null);
    insert into p values (1, 1);
    insert into c values (1, 1, 1), (1, 2, 1), (1, 2, 2);
    insert into "g.g" values (1, 1, 1, 'stays'), (1, 2, 1, 'goes'), (2, 2, 1, 'goes'), (null, 2, 1, 'half');
    insert into n values (1, 1, 1), (1, 1, 2), (1, null, 2)`,
  foreignKeys: [{ child: 'public.c(y,x)', parent: 'public.p(b,a)', onDelete: 'CASCADE' }],
  findings: [
    {
      message: '2 rows of public.c have no parent in public.p (public.c.y,x).',
      rows: 2,
      repair: 'automatic',
    },
  ],
  besides: ['missing-foreign-key'],
  plan: [
    'lock table "public"."p" in share row exclusive mode',
    'alter table "public"."c" add constraint "c_y_x_fkey" foreign key ("y", "x") references "public"."p" ("b", "a") on delete cascade on update no action not valid',
    'Quarantine and delete: orphans of public.c (y, x): 2',
    'alter table "public"."c" validate constraint "c_y_x_fkey"',
  ],
  end: [
    '+ public.c c_y_x_fkey: FOREIGN KEY (y, x) REFERENCES p(b, a) ON DELETE CASCADE',
    '- "public"."c" (1,2,1)',
    '- "public"."c" (1,2,2)',
    '- "public"."g.g" (1,2,1,goes)',
    '- "public"."g.g" (2,2,1,goes)',
    '- "public"."n" (1,1,2)',
    '+ "public"."n" (,,)',
  ],
});

problemTest({
  kind: 'missing-foreign-key',
  title: 'composite, half null rows and all',
  schema: library(COLUMNS, GOOD),
  foreignKeys: [{ ...BOOKS, onDelete: 'RESTRICT' }],
  findings: [
    {
      message: `${BOOKS_ID} should point at "my.lib"."Author""s" (tenant, Id), but there is no foreign key.`,
      repair: 'automatic',
    },
  ],
  plan: [lockParent(), alter(add(NAME, 'on delete restrict on update no action')), validate(NAME)],
  end: [`+ ${printed(`"${NAME}"`, ' ON DELETE RESTRICT')}`],
});

problemTest({
  kind: 'not-valid-foreign-key',
  title: 'composite, its columns in another order than declared',
  schema: library(COLUMNS, `${GOOD} ${turned('k', 'on delete cascade not valid')}`),
  foreignKeys: [{ ...BOOKS, onDelete: 'CASCADE' }],
  findings: [{ message: `The foreign key "k" of ${BOOKS_ID} is NOT VALID.`, repair: 'automatic' }],
  plan: [validate('k')],
  end: [
    '- "my.lib"."Books" k: FOREIGN KEY ("author,Id", tenant) REFERENCES "my.lib"."Author""s"("Id", tenant) ON DELETE CASCADE NOT VALID',
    '+ "my.lib"."Books" k: FOREIGN KEY ("author,Id", tenant) REFERENCES "my.lib"."Author""s"("Id", tenant) ON DELETE CASCADE',
  ],
});

problemTest({
  kind: 'orphaned-rows',
  title: 'silence: rows that are half null are no orphans, and a valid key is trusted',
  schema: library(COLUMNS, GOOD + straight('k', 'on delete cascade')),
  foreignKeys: [{ ...BOOKS, onDelete: 'CASCADE' }],
  options: { scan: 'all' },
  findings: [],
});
