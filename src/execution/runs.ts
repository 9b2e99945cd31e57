import { count, flag, json, text } from '../catalog/row';
import type { Row, Session } from '../db';
import { integer, sql, type Sql } from '../sql';
import { unfinishedRuns } from './unfinished';

/** One run as the ledger has it; times are milliseconds since 1970. */
export interface RunRecord {
  readonly id: string;
  readonly resumes: string | undefined;
  readonly origin: string | undefined;
  readonly startedAt: number;
  readonly finishedAt: number | undefined;
  readonly status: string;
  readonly figures: Figures;
  /** True when the next run counts this one's rows as its own. */
  readonly unfinished: boolean;
}

/** What a run has written about itself; an interrupted one has no figures but those of a purge. */
export interface Figures {
  readonly deleted?: number;
  readonly nullified?: number;
  readonly reparented?: number;
  readonly created?: number;
  readonly limited?: boolean;
  readonly purged?: Purged;
}

/** What was purged of a run's copies, and of which clean-ups these were. */
export interface Purged {
  readonly at: string;
  readonly rows: number;
  readonly restored: number;
  readonly deleted: number;
  readonly nullified: number;
  readonly reparented: number;
  readonly converted?: number;
}

/** The latest runs, all that still have copies, and all that the next run would go on from; the latest first. */
export async function readRuns(session: Session, ledger: Sql, latest: number): Promise<readonly RunRecord[]> {
  return (await session.query(runQuery(ledger, latest))).map(runRecord);
}

/** How many runs there are in all. */
export async function countRuns(session: Session, ledger: Sql): Promise<number> {
  const [row] = await session.query(sql`select pg_catalog.count(*) as runs from ${ledger}.run`);
  return count(row, 'runs');
}

/** A time in milliseconds; null for infinity, which only a person can have written. */
export const milliseconds = (time: Sql): Sql =>
  sql`case when pg_catalog.isfinite(${time}) then pg_catalog.floor(extract(epoch from ${time}) * 1000)::bigint end`;

const runQuery = (ledger: Sql, latest: number): Sql => sql`
  select r.id, r.resumes, r.origin, r.status, r.figures, ${milliseconds(sql`r.started_at`)} as started, ${milliseconds(sql`r.finished_at`)} as finished,
         r.id in (${unfinishedRuns(ledger)}) as unfinished
    from ${ledger}.run r
   where r.id in (select l.id from ${ledger}.run l order by l.started_at desc limit ${integer(latest)})
      or r.id in (${unfinishedRuns(ledger)})
      or exists (select from ${ledger}.quarantine q where q.run_id = r.id)
   order by r.started_at desc, r.id`;

const runRecord = (row: Row): RunRecord => ({
  id: text(row, 'id'),
  resumes: row['resumes'] ?? undefined,
  origin: row['origin'] ?? undefined,
  startedAt: Number(row['started'] ?? 0),
  finishedAt: row['finished'] ? Number(row['finished']) : undefined,
  status: text(row, 'status'),
  figures: json<Figures>(row, 'figures'),
  unfinished: flag(row, 'unfinished'),
});
