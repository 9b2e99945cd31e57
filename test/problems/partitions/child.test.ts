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
import { withoutKey } from './without-key';

const [FIRST, LEAF] = LEAVES;
const WHOLE = '"a.b"."Log"';
const NAME = 'Log_tenant_Person_fkey';
const MADE = inOneGo
  ? { whole: NAME, first: NAME, leaf: NAME }
  : { whole: NAME, first: 'Log.1_tenant_Person_fkey', leaf: 'leaf_tenant_Person_fkey' };
const CASCADE = 'on delete cascade on update no action';

problemTest({
  kind: 'missing-foreign-key',
  title: 'a partitioned child, one of whose partitions is partitioned',
  schema: LOG + NOBODY,
  foreignKeys: [{ ...KEY, onDelete: 'CASCADE' }],
  findings: [
    {
      message: `${ID} should point at public.people (tenant, id), but there is no foreign key.`,
      repair: 'automatic',
    },
  ],
  besides: ['orphaned-rows'],
  plan: inOneGo
    ? [
        lock(PEOPLE),
        `alter table ${WHOLE} ${key(NAME, CASCADE)} not valid`,
        'Quarantine and delete: orphans of "a.b".Log (tenant, Person): 2',
        `alter table ${WHOLE} validate constraint "${NAME}"`,
      ]
    : [
        lock(PEOPLE),
        `alter table ${FIRST} ${key(MADE.first, CASCADE)} not valid`,
        lock(PEOPLE),
        `alter table ${LEAF} ${key(MADE.leaf, CASCADE)} not valid`,
        'Quarantine and delete: orphans of "a.b".Log (tenant, Person): 2',
        `alter table ${FIRST} validate constraint "${MADE.first}"`,
        `alter table ${LEAF} validate constraint "${MADE.leaf}"`,
        lock(PEOPLE, 'access exclusive'),
        lock(WHOLE),
        everyPartitionHasOne('cascade'),
        `alter table ${WHOLE} ${key(NAME, CASCADE)}`,
      ],
  end: [
    ...printed('+', MADE, ' ON DELETE CASCADE'),
    '- "a.b"."Log.1" (5,2,2,1)',
    '- "public"."leaf" (9,2,6,9)',
  ],
});

problemTest({
  kind: 'wrong-on-delete',
  title: 'a partitioned child: the old key stays until the new ones are proved',
  schema: `${LOG} alter table ${WHOLE} ${key('k', 'on delete restrict')}`,
  foreignKeys: [{ ...KEY, onDelete: 'CASCADE' }],
  findings: [
    {
      message: `The foreign key "k" of ${ID} says ON DELETE RESTRICT; CASCADE is wanted.`,
      repair: 'automatic',
    },
  ],
  plan: inOneGo
    ? [
        lock(PEOPLE, 'access exclusive'),
        `alter table ${WHOLE} drop constraint "k", ${key('k', CASCADE)} not valid`,
        `alter table ${WHOLE} validate constraint "k"`,
      ]
    : [
        ...fences(),
        ...proofs(),
        lock(PEOPLE, 'access exclusive'),
        lock(WHOLE, 'access exclusive'),
        everyPartitionHasOne('cascade'),
        `alter table ${WHOLE} drop constraint "k", ${key('k', CASCADE)}`,
      ],
  end: [
    ...printed('-', { whole: 'k', first: 'k', leaf: 'k' }, ' ON DELETE RESTRICT'),
    ...printed(
      '+',
      inOneGo ? { whole: 'k', first: 'k', leaf: 'k' } : { ...MADE, whole: 'k' },
      ' ON DELETE CASCADE',
    ),
  ],
});

problemTest({
  kind: 'missing-foreign-key',
  title:
    'partitions with keys of their own: the right one is adopted, whatever its name, and another one replaced',
  schema: `${LOG}
    alter table ${FIRST} ${key('mine', 'on delete cascade')};
    alter table ${LEAF} add constraint other foreign key ("Person", tenant) references people (id, tenant) on delete cascade`,
  foreignKeys: [{ ...KEY, onDelete: 'CASCADE' }],
  findings: [
    {
      message: `${ID} should point at public.people (tenant, id), but there is no foreign key.`,
      repair: 'automatic',
    },
  ],
  plan: inOneGo
    ? [
        lock(PEOPLE, 'access exclusive'),
        `alter table ${WHOLE} ${key(NAME, CASCADE)} not valid`,
        `alter table ${WHOLE} validate constraint "${NAME}"`,
      ]
    : [
        lock(PEOPLE, 'access exclusive'),
        `alter table ${LEAF} drop constraint "other", ${key('other', CASCADE)} not valid`,
        `alter table ${LEAF} validate constraint "other"`,
        lock(PEOPLE, 'access exclusive'),
        lock(WHOLE),
        everyPartitionHasOne('cascade'),
        `alter table ${WHOLE} ${key(NAME, CASCADE)}`,
      ],
  end: inOneGo
    ? [
        '- public.leaf other: FOREIGN KEY ("Person", tenant) REFERENCES people(id, tenant) ON DELETE CASCADE',
        ...printed('+', { whole: NAME, first: 'mine', leaf: NAME }, ' ON DELETE CASCADE').filter(
          (line) => !line.includes('mine'),
        ),
      ]
    : [
        '- public.leaf other: FOREIGN KEY ("Person", tenant) REFERENCES people(id, tenant) ON DELETE CASCADE',
        ...printed('+', { whole: NAME, first: 'mine', leaf: 'other' }, ' ON DELETE CASCADE').filter(
          (line) => !line.includes('mine'),
        ),
      ],
});

// From 18 on it is a table like any other.
if (!inOneGo)
  problemTest({
    kind: 'missing-foreign-key',
    title: 'a partitioned table without a partition',
    schema: `
    create table people (tenant int, id int, primary key (tenant, id));
    create table log (tenant int, person int) partition by list (tenant)`,
    foreignKeys: [{ child: 'public.log(tenant,person)', parent: 'public.people(tenant,id)' }],
    findings: [
      {
        message:
          'public.log.tenant,person should point at public.people (tenant, id), but there is no foreign key.',
        repair: 'automatic',
      },
    ],
    plan: [
      lock(PEOPLE),
      lock('"public"."log"'),
      withoutKey('"public"."log"', PEOPLE, 'a', `'tenant', 'person'`, `'tenant', 'id'`),
      'alter table "public"."log" add constraint "log_tenant_person_fkey" foreign key ("tenant", "person") references "public"."people" ("tenant", "id") on delete no action on update no action',
    ],
    end: ['+ public.log log_tenant_person_fkey: FOREIGN KEY (tenant, person) REFERENCES people(tenant, id)'],
  });

problemTest({
  kind: 'missing-foreign-key',
  title: 'a partition that is a foreign table takes no key, and its rows are elsewhere',
  schema: `${LOG}
    create foreign data wrapper nowhere; create server far foreign data wrapper nowhere;
    create foreign table far_log partition of ${WHOLE} for values in (7) server far`,
  foreignKeys: [KEY],
  findings: [
    {
      message: `${ID} should point at public.people (tenant, id), but there is no foreign key.`,
      repair: 'refused',
      refusal: 'PARTITIONED: the partition public.far_log is a foreign table, and takes no key',
    },
  ],
});

problemTest({
  kind: 'missing-foreign-key',
  title: 'a partition whose own key points elsewhere',
  schema: `${LOG}
    create table others (tenant int, id int, primary key (tenant, id));
    insert into others select * from people;
    alter table ${LEAF} add constraint lost foreign key (tenant, "Person") references others`,
  foreignKeys: [KEY],
  findings: [
    {
      message: `${ID} should point at public.people (tenant, id), but there is no foreign key.`,
      repair: 'refused',
      refusal:
        'PARTITIONED: the key "lost" of the partition public.leaf points at public.others; drop it if the models are right',
    },
  ],
});

problemTest({
  kind: 'duplicate-foreign-key',
  title: 'a left-over of a partition beside the key of the whole',
  schema: `${LOG}
    alter table ${LEAF} ${key('left over', 'on delete restrict')};
    alter table ${WHOLE} ${key('k', 'on delete cascade')}`,
  foreignKeys: [{ ...KEY, onDelete: 'CASCADE' }],
  findings: [
    {
      message: `${ID} has 2 foreign keys: "k" (ON DELETE CASCADE), "left over" of public.leaf (ON DELETE RESTRICT).`,
      repair: 'automatic',
    },
  ],
  plan: [lock(PEOPLE, 'access exclusive'), `alter table ${LEAF} drop constraint "left over"`],
  end: [
    '- public.leaf "left over": FOREIGN KEY (tenant, "Person") REFERENCES people(tenant, id) ON DELETE RESTRICT',
  ],
});

problemTest({
  kind: 'duplicate-foreign-key',
  title: 'silence: what the partitions have from their table is no key of their own',
  schema: `${LOG} alter table ${WHOLE} ${key('k', 'on delete cascade')}`,
  foreignKeys: [{ ...KEY, onDelete: 'CASCADE' }],
  options: { scan: 'all' },
  findings: [],
});

function fences(): readonly string[] {
  const actions = `${CASCADE} not valid`;
  return [
    lock(PEOPLE),
    `alter table ${FIRST} ${key(MADE.first, actions)}`,
    lock(PEOPLE),
    `alter table ${LEAF} ${key(MADE.leaf, actions)}`,
  ];
}

function proofs(): readonly string[] {
  return [
    `alter table ${FIRST} validate constraint "${MADE.first}"`,
    `alter table ${LEAF} validate constraint "${MADE.leaf}"`,
  ];
}
