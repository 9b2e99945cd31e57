import { sql, type Sql } from '../sql';

/**
 * A run that stopped half way, or that a limit stopped: its rows count too, so that running again is no way around the
 * limits. A run that took no rows stands for the one that it resumed itself; one whose copies were purged has taken some.
 */
export const lastUnfinished = (schema: Sql): Sql => sql`(
  select case when r.status in ('running', 'interrupted', 'partial') or r.figures ? 'limited' then r.id
              when not r.figures ? 'taken' and not exists (select from ${schema}.quarantine q where q.run_id = r.id) then r.resumes end
    from ${schema}.run r order by r.started_at desc limit 1)`;

/** The runs whose rows the next run counts as its own: the one that it resumes, and those that this one has resumed. */
export const unfinishedRuns = (schema: Sql): Sql => sql`
  with recursive chain as (
    select r.id, r.resumes from ${schema}.run r where r.id = ${lastUnfinished(schema)}
    union select r.id, r.resumes from ${schema}.run r join chain c on r.id = c.resumes)
  select c.id from chain c`;
