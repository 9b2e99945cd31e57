import { problemTest, type ProblemCase } from '../../problem-tester';
import { serverVersion } from '../../postgres/version';
import { inOneGo, lock } from './setting';
import { withoutKey } from './without-key';

const PEOPLE = '"public"."people"';
const LOG = '"public"."log"';
const PARENT = `
  create table people (id int primary key) partition by range (id);
  create table people_1 partition of people for values from (0) to (10);
  create table people_2 partition of people for values from (10) to (20);
  insert into people values (1), (2), (11);`;
const KEY = { child: 'public.log(person)', parent: 'public.people(id)', onDelete: 'CASCADE' } as const;
const key = (name: string): string =>
  `add constraint "${name}" foreign key ("person") references ${PEOPLE} ("id") on delete cascade on update no action`;
const MISSING = 'public.log.person should point at public.people (id), but there is no foreign key.';
const TEXT = 'FOREIGN KEY (person) REFERENCES people(id) ON DELETE CASCADE';

/** PostgreSQL's own rows for the partitions of the parent: their names and number are its own affair. */
const wholly = (name: string): readonly string[] =>
  inOneGo
    ? [
        `+ public.log ${name}: ${TEXT}`,
        `+ public.log ${name}_1: ${TEXT.replace('people(', 'people_1(')}`,
        `+ public.log ${name}_2: ${TEXT.replace('people(', 'people_2(')}`,
      ]
    : [];

problemTest({
  kind: 'missing-foreign-key',
  title: 'a partitioned parent: no row of its partitions is taken for missing',
  schema: `${PARENT} create table log (no int primary key, person int); insert into log values (1, 1), (2, 11), (3, null), (4, 99)`,
  foreignKeys: [KEY],
  findings: [{ message: MISSING, repair: 'automatic' }],
  besides: ['orphaned-rows'],
  plan: [
    lock(PEOPLE),
    `alter table ${LOG} ${key('log_person_fkey')} not valid`,
    'Quarantine and delete: orphans of public.log (person): 1',
    `alter table ${LOG} validate constraint "log_person_fkey"`,
  ],
  end: [
    ...(inOneGo
      ? wholly('log_person_fkey')
      : [
          `+ public.log log_person_fkey: ${TEXT}`,
          `+ public.log log_person_fkey1: ${TEXT.replace('people(', 'people_1(')} NOT VALID`,
          `+ public.log log_person_fkey2: ${TEXT.replace('people(', 'people_2(')} NOT VALID`,
        ]),
    '- "public"."log" (4,99)',
  ],
});

problemTest({
  kind: 'not-valid-foreign-key',
  title: 'silence: what PostgreSQL notes for each partition of a parent is no key of its own, valid or not',
  schema: `${PARENT} create table log (no int primary key, person int);
    alter table log add constraint k foreign key (person) references people on delete cascade not valid;
    alter table log validate constraint k`,
  foreignKeys: [KEY],
  options: { scan: 'all' },
  findings: [],
});

const BOTH = `${PARENT}
  create table log (no int, person int) partition by range (no);
  create table log_1 partition of log for values from (0) to (10);
  create table log_2 partition of log for values from (10) to (20);
  insert into log values (1, 1), (11, 11), (2, null)`;

const adopted: ProblemCase = {
  kind: 'missing-foreign-key',
  title: 'a partitioned child of a partitioned parent',
  schema: BOTH,
  foreignKeys: [KEY],
  findings: [{ message: MISSING, repair: 'automatic' }],
  plan: inOneGo
    ? [
        lock(PEOPLE),
        `alter table ${LOG} ${key('log_person_fkey')} not valid`,
        `alter table ${LOG} validate constraint "log_person_fkey"`,
      ]
    : [
        lock(PEOPLE),
        `alter table "public"."log_1" ${key('log_1_person_fkey')} not valid`,
        lock(PEOPLE),
        `alter table "public"."log_2" ${key('log_2_person_fkey')} not valid`,
        'alter table "public"."log_1" validate constraint "log_1_person_fkey"',
        'alter table "public"."log_2" validate constraint "log_2_person_fkey"',
        lock(PEOPLE, 'access exclusive'),
        lock(LOG, 'access exclusive'),
        withoutKey(LOG, PEOPLE, 'c', `'person'`, `'id'`),
        `alter table ${LOG} ${key('log_person_fkey')}`,
      ],
  end: inOneGo
    ? [
        ...wholly('log_person_fkey'),
        `+ public.log_1 log_person_fkey: ${TEXT}`,
        `+ public.log_2 log_person_fkey: ${TEXT}`,
      ]
    : [
        `+ public.log log_person_fkey: ${TEXT}`,
        `+ public.log log_person_fkey1: ${TEXT.replace('people(', 'people_1(')}`,
        `+ public.log log_person_fkey2: ${TEXT.replace('people(', 'people_2(')}`,
        `+ public.log_1 log_1_person_fkey: ${TEXT}`,
        `+ public.log_2 log_2_person_fkey: ${TEXT}`,
      ],
};

/** PostgreSQL 12 leaves stray constraints behind when it adopts such keys. */
const refused: ProblemCase = {
  kind: 'missing-foreign-key',
  title: 'a partitioned child of a partitioned parent',
  schema: BOTH,
  foreignKeys: [KEY],
  findings: [
    {
      message: MISSING,
      repair: 'refused',
      refusal:
        'PARTITIONED: this version of PostgreSQL leaves stray constraints behind when a partitioned table adopts keys to a partitioned table; its later minor versions (13.21, 14.18, 15.13, 16.9, 17.5) do not',
    },
  ],
};

problemTest(serverVersion() < 130_000 ? refused : adopted);
