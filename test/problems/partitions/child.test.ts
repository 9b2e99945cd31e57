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
