import type { Judge } from '../../postgres/judge';
import { CHILDREN, PARENTS } from './tables';

/** What must not be: each is a number of rows, and 0. */
export async function faults(database: Judge): Promise<Readonly<Record<string, number>>> {
  return (await database.query<Record<string, number>>(`${KNOWN} select ${counts(FAULTS)}`))[0] ?? {};
}

/** What has happened, so that one sees that it was not nothing. */
export async function events(database: Judge): Promise<Readonly<Record<string, number>>> {
  return (await database.query<Record<string, number>>(`${KNOWN} select ${counts(EVENTS)}`))[0] ?? {};
}

const counts = (queries: Readonly<Record<string, string>>): string =>
  Object.entries(queries)
    .map(([name, query]) => `(select count(*)::int ${query}) as "${name}"`)
    .join(', ');

/**
 * `good`: children that have a parent by what their clients know. `left`: those without one, and whether it came back.
 * `copy` and `low_copy`: the quarantine.
 */
const KNOWN = `
  with noted as materialized (select * from judge.child),
  first as materialized (
    select i as id, 1 + i % ${PARENTS} as parent_id, 'first' as note from generate_series(0, ${CHILDREN - 1}) i
     where not exists (select from noted n where n.id = i)),
  good as materialized (
    select id, parent_id, note from noted where fate = 'here'
    union all select * from first where parent_id % 20 > 0),
  left_alone as materialized (
    select o.*, p.back_at from (
      select id, parent_id, note from noted where fate = 'orphan'
      union all select * from first where parent_id % 20 = 0) o
      left join judge.parent p on p.id = o.parent_id and p.here),
  copy as materialized (
    select (row_data ->> 'id')::int as id, (row_data ->> 'parent_id')::int as parent_id, row_data ->> 'note' as note, taken_at
      from fk_guard.quarantine where table_name = 'child' and action = 'delete'),
  low_copy as materialized (
    select (row_data ->> 'id')::int as id, (row_data ->> 'child_id')::int as child_id, row_data ->> 'note' as note
      from fk_guard.quarantine where table_name = 'low' and action = 'delete'),
  known_low as materialized (
    select id, child_id, note from judge.low
    union all select i, i, 'first' from generate_series(1, ${CHILDREN - 1}, 2) i)`;

const FAULTS = {
  'good rows missing or changed': 'from (select * from good except select * from child) r',
  'rows that nobody knows':
    'from (select * from child except select * from good except select id, parent_id, note from left_alone where back_at is not null) r',
  orphans: 'from child c where not exists (select from parent p where p.id = c.parent_id)',
  'orphans below': 'from low l where not exists (select from child c where c.id = l.child_id)',
  'good rows below missing or changed':
    'from (select l.* from known_low l join good g on g.id = l.child_id except select * from low) r',
  'copies of good rows': 'from copy join good using (id)',
  'copies of what was not so':
    "from (select id, parent_id, note from copy where id not in (select id from noted where fate = 'bereaved') except select id, parent_id, note from left_alone) r",
  'orphans neither there nor copied':
    'from (select id, parent_id, note from left_alone except select * from child except select id, parent_id, note from copy) r',
  'orphans both there and copied': 'from copy join child using (id)',
  'copied after their parent was back': 'from copy join left_alone using (id) where taken_at > back_at',
  'rows below neither there nor copied': `from (
    select l.* from known_low l where l.child_id not in (select id from noted where fate in ('bereaved', 'deleted'))
    except select * from low except select * from low_copy) r`,
  'rows below both there and copied': 'from low_copy join low using (id)',
} as const;

const EVENTS = {
  'children at the end': 'from child',
  'children copied': 'from copy',
  'rows below copied': 'from low_copy',
  'orphans of the beginning': 'from first where parent_id % 20 = 0',
  'orphans that clients made': "from noted where fate = 'orphan' and note = 'orphan'",
  'orphans that clients gave a parent': "from noted where note = 'found'",
  'children before their parent was committed': "from noted where note = 'early'",
  'children that lost their parent to a client': "from noted where fate = 'bereaved'",
  'parents that came back': 'from judge.parent where back_at is not null',
  'their children still there': 'from left_alone join child using (id) where back_at is not null',
} as const;
