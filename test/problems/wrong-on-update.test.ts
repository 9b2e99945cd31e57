import { problemTest } from '../problem-tester';

const kind = 'wrong-on-update';

const LIBRARY = `
  create schema "läden";
  create table "läden"."Üsers" ("ID" int primary key);
  create table "läden".checkouts (id int primary key, "üser" int
    constraint "läden fk" references "läden"."Üsers" on update cascade on delete set null deferrable initially deferred);
  insert into "läden"."Üsers" values (1);
  insert into "läden".checkouts values (1, 1), (2, null)`;
const CHECKOUTS = { child: 'läden.checkouts(üser)', parent: 'läden.Üsers(ID)' } as const;
const OLD =
  '- "läden".checkouts "läden fk": FOREIGN KEY ("üser") REFERENCES "läden"."Üsers"("ID") ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED';

problemTest({
  kind,
  title: 'only ON UPDATE was written: the live ON DELETE stays, and so does DEFERRABLE',
  schema: LIBRARY,
  foreignKeys: [{ ...CHECKOUTS, onUpdate: 'RESTRICT' }],
  findings: [
    {
      severity: 'warning',
      message:
        'The foreign key "läden fk" of läden.checkouts.üser says ON UPDATE CASCADE; RESTRICT is wanted.',
      why: "Changing a parent's key does something else than what is wanted.",
      help: 'It is swapped for a right one in one statement, so that no moment is without a fence, and then validated.',
      constraint: 'läden fk',
      repair: 'automatic',
    },
  ],
  plan: [
    'lock table "läden"."Üsers" in access exclusive mode',
    'alter table "läden"."checkouts" drop constraint "läden fk", add constraint "läden fk" foreign key ("üser") references "läden"."Üsers" ("ID") on delete set null on update restrict deferrable initially deferred not valid',
    'alter table "läden"."checkouts" validate constraint "läden fk"',
  ],
  end: [
    OLD,
    '+ "läden".checkouts "läden fk": FOREIGN KEY ("üser") REFERENCES "läden"."Üsers"("ID") ON UPDATE RESTRICT ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED',
  ],
});

problemTest({
  kind,
  title: 'both actions are wrong: one swap for both findings',
  schema: LIBRARY,
  foreignKeys: [{ ...CHECKOUTS, onUpdate: 'NO ACTION', onDelete: 'CASCADE' }],
  findings: [
    {
      message:
        'The foreign key "läden fk" of läden.checkouts.üser says ON UPDATE CASCADE; NO ACTION is wanted.',
      repair: 'automatic',
    },
  ],
  besides: ['wrong-on-delete'],
  plan: [
    'lock table "läden"."Üsers" in access exclusive mode',
    'alter table "läden"."checkouts" drop constraint "läden fk", add constraint "läden fk" foreign key ("üser") references "läden"."Üsers" ("ID") on delete cascade on update no action deferrable initially deferred not valid',
    'alter table "läden"."checkouts" validate constraint "läden fk"',
  ],
  end: [
    OLD,
    '+ "läden".checkouts "läden fk": FOREIGN KEY ("üser") REFERENCES "läden"."Üsers"("ID") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED',
  ],
});

problemTest({
  kind,
  title: 'silence: nobody wrote an action',
  schema: LIBRARY.replace('on update cascade on delete set null', ''),
  foreignKeys: [CHECKOUTS],
  findings: [],
});

problemTest({
  kind,
  title: 'silence: the live key says what was written',
  schema: LIBRARY,
  foreignKeys: [{ ...CHECKOUTS, onUpdate: 'CASCADE', onDelete: 'SET NULL' }],
  findings: [],
});
