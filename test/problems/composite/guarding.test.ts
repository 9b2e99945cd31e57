import { since } from '../../postgres/version';
import { problemTest, type ProblemCase } from '../../problem-tester';
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
  printedTurned,
  straight,
  turned,
  validate,
} from './setting';

const DECLARED = { ...BOOKS, onDelete: 'CASCADE' } as const;
const ADD = add('k', 'on delete cascade on update no action');
const CLEAN = 'Quarantine and delete: orphans of "my.lib".Books (tenant, author,Id): 2';
const GONE = ['- "my.lib"."Books" (6,2,2)', '- "my.lib"."Books" (7,3,1)'];

problemTest({
  kind: 'wrong-deferrable',
  title: 'composite, its columns turned round: altered as it stands, for all of its columns',
  schema: library(COLUMNS, GOOD + turned('k', 'on delete cascade')),
  foreignKeys: [{ ...DECLARED, deferrable: 'INITIALLY DEFERRED' }],
  findings: [
    {
      message: `The foreign key "k" of ${BOOKS_ID} is NOT DEFERRABLE; DEFERRABLE INITIALLY DEFERRED is wanted.`,
      repair: 'automatic',
    },
  ],
  plan: [alter('alter constraint "k" deferrable initially deferred')],
  end: [
    `- ${printedTurned('k', ' ON DELETE CASCADE')}`,
    `+ ${printedTurned('k', ' ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED')}`,
  ],
});

problemTest({
  kind: 'wrong-deferrable',
  title: 'silence: composite, its columns turned round, and checked when it is declared to be',
  schema: library(COLUMNS, GOOD + turned('k', 'on delete cascade deferrable')),
  foreignKeys: [{ ...DECLARED, deferrable: 'INITIALLY IMMEDIATE' }],
  findings: [],
});

problemTest({
  kind: 'disabled-trigger',
  title: 'composite: the pairs that came in go, half null rows stay',
  schema: library(
    COLUMNS,
    `${GOOD}${straight('k', 'on delete cascade')} alter table "my.lib"."Books" disable trigger all; ${ORPHANS}`,
  ),
  foreignKeys: [DECLARED],
  findings: [
    {
      message: `The foreign key "k" of ${BOOKS_ID} is valid, but not enforced: a trigger of it is disabled.`,
      repair: 'automatic',
    },
  ],
  besides: ['orphaned-rows'],
  plan: [lockParent('access exclusive'), alter(`drop constraint "k", ${ADD}`), CLEAN, validate('k')],
  end: [
    `- ${printed('k', ' ON DELETE CASCADE (triggers not enabled)')}`,
    `+ ${printed('k', ' ON DELETE CASCADE')}`,
    ...GONE,
  ],
});

const notEnforced: readonly ProblemCase[] = since(18, {
  kind: 'not-enforced-foreign-key',
  title: 'composite, its columns turned round: swapped in the order that is declared',
  schema: library(COLUMNS, GOOD + turned('k', 'on delete cascade not enforced') + ORPHANS),
  foreignKeys: [DECLARED],
  findings: [{ message: `The foreign key "k" of ${BOOKS_ID} is NOT ENFORCED.`, repair: 'automatic' }],
  besides: ['orphaned-rows'],
  plan: [lockParent('access exclusive'), alter(`drop constraint "k", ${ADD}`), CLEAN, validate('k')],
  end: [
    `- ${printedTurned('k', ' ON DELETE CASCADE NOT ENFORCED')}`,
    `+ ${printed('k', ' ON DELETE CASCADE')}`,
    ...GONE,
  ],
});
for (const problem of notEnforced) problemTest({ ...problem, newest: true });

problemTest({
  kind: 'missing-table',
  title: 'a composite key to a table that is not there: the rows are left',
  schema: `${library(COLUMNS, GOOD + ORPHANS)} alter table "my.lib"."Author""s" rename to "Authors"`,
  foreignKeys: [DECLARED],
  options: { orphans: 'delete', fence: true, limits: { rows: 1000, fraction: 1 } },
  findings: [
    {
      message: 'The table "my.lib"."Author""s" of the model "my.lib"."Author""s" does not exist.',
      repair: 'manual',
    },
  ],
});

problemTest({
  kind: 'unsupported-table',
  title: 'a composite key to a view: no pair of it is an orphan',
  schema: `${library(COLUMNS, GOOD + ORPHANS)} create view "my.lib"."Writers" as select * from "my.lib"."Author""s"`,
  foreignKeys: [{ ...DECLARED, parent: '"my.lib"."Writers"(tenant,"Id")' }],
  options: { orphans: 'delete', fence: true, limits: { rows: 1000, fraction: 1 } },
  findings: [
    {
      message: `"my.lib".Writers, which ${BOOKS_ID} points at, is a view, which no foreign key can point at.`,
      help: 'No key is created and no row is counted or cleaned. Point at the table behind it, or take "my.lib"."Books"(tenant,"author,Id") -> "my.lib"."Writers"(tenant,"Id") out of foreignKeys.',
      repair: 'manual',
    },
  ],
});
