import { problemTest } from '../../problem-tester';
import {
  everyPartitionHasOne,
  ID,
  inOneGo,
  key,
  KEY,
  LEAVES,
  lock,
  LOG,
  NOBODY,
  PEOPLE,
  printed,
} from './setting';

const [FIRST, LEAF] = LEAVES;
const WHOLE = '"a.b"."Log"';
const K = { whole: 'k', first: 'k', leaf: 'k' } as const;
const MADE = { whole: 'k', first: 'Log.1_tenant_Person_fkey', leaf: 'leaf_tenant_Person_fkey' } as const;
const REPLACED = inOneGo ? K : MADE;
const CASCADE = 'on delete cascade on update no action';
const CLEAN = 'Quarantine and delete: orphans of "a.b".Log (tenant, Person): 2';

/** What replaces the key `k` of the whole: one swap, or a key for each leaf that the whole adopts. */
const replaced = (parents: string): readonly string[] =>
  inOneGo
    ? [
        lock(parents, 'access exclusive'),
        `alter table ${WHOLE} drop constraint "k", ${key('k', CASCADE)} not valid`,
        `alter table ${WHOLE} validate constraint "k"`,
      ]
    : [
        ...[FIRST, LEAF].flatMap((leaf, i) => [
          lock(PEOPLE),
          `alter table ${leaf} ${key(i === 0 ? MADE.first : MADE.leaf, CASCADE)} not valid`,
        ]),
        `alter table ${FIRST} validate constraint "${MADE.first}"`,
        `alter table ${LEAF} validate constraint "${MADE.leaf}"`,
        lock(parents, 'access exclusive'),
        lock(WHOLE, 'access exclusive'),
        everyPartitionHasOne('cascade'),
        `alter table ${WHOLE} drop constraint "k", ${key('k', CASCADE)}`,
      ];

problemTest({
  kind: 'wrong-on-update',
  title: 'a partitioned child',
  schema: `${LOG} alter table ${WHOLE} ${key('k', 'on update cascade on delete cascade')}`,
  foreignKeys: [{ ...KEY, onDelete: 'CASCADE', onUpdate: 'NO ACTION' }],
  findings: [
    {
      message: `The foreign key "k" of ${ID} says ON UPDATE CASCADE; NO ACTION is wanted.`,
      repair: 'automatic',
    },
  ],
  plan: replaced(PEOPLE),
  end: [
    ...printed('-', K, ' ON UPDATE CASCADE ON DELETE CASCADE'),
    ...printed('+', REPLACED, ' ON DELETE CASCADE'),
  ],
});

const toPeople = (sign: '+' | '-', names: typeof K | typeof MADE) =>
  printed(sign, names, ' ON DELETE CASCADE');

problemTest({
  kind: 'wrong-target',
  title: 'a partitioned child, every row of which has a parent there too',
  schema: `${LOG}
    create table others (tenant int, id int, primary key (tenant, id));
    insert into others select * from people;
    alter table ${WHOLE} add constraint k foreign key (tenant, "Person") references others on delete cascade`,
  foreignKeys: [{ ...KEY, onDelete: 'CASCADE' }],
  findings: [
    {
      message: `The foreign key "k" of ${ID} points at public.others (tenant, id); the models say public.people (tenant, id).`,
      repair: 'automatic',
    },
  ],
  plan: replaced(`"public"."others", ${PEOPLE}`),
  end: [...toPeople('-', K).map((line) => line.replace('people', 'others')), ...toPeople('+', REPLACED)],
});

problemTest({
  kind: 'orphaned-rows',
  title: 'a key of the whole whose triggers were off while rows came in: found in every leaf by scan: all',
  schema: `${LOG} alter table ${WHOLE} ${key('k', 'on delete cascade')};
    set session_replication_role = replica; ${NOBODY} reset session_replication_role`,
  foreignKeys: [{ ...KEY, onDelete: 'CASCADE' }],
  options: { scan: 'all' },
  findings: [
    {
      message: `2 rows of "a.b".Log have no parent in public.people (${ID}).`,
      rows: 2,
      repair: 'automatic',
    },
  ],
  plan: [CLEAN],
  end: ['- "a.b"."Log.1" (5,2,2,1)', '- "public"."leaf" (9,2,6,9)'],
});

problemTest({
  kind: 'orphaned-rows',
  title: 'silence: rows of a partitioned child whose parents are all there, half null ones too',
  schema: `${LOG} alter table ${WHOLE} ${key('k', 'on delete cascade')}`,
  foreignKeys: [{ ...KEY, onDelete: 'CASCADE' }],
  options: { scan: 'all' },
  findings: [],
});
