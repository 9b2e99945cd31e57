import type { Status } from 'sequelize-fk-guard';
import type { TestDatabase } from '../../postgres/database';

/** Holds a status against the ledger's own rows, when nobody is at work any more. */
export async function expectToldOf(database: TestDatabase, status: Status): Promise<void> {
  const [{ made } = { made: false }] = await database.query<{ made: boolean }>(
    `select to_regclass('fk_guard.run') is not null as made`,
  );
  const runs = made
    ? await database.query<{ id: string; status: string; copies: number }>(
        `select id, status, (select count(*)::int from fk_guard.quarantine q where q.run_id = r.id) as copies from fk_guard.run r`,
      )
    : [];
  expect(status.ledger.state).toBe(made ? 'ready' : 'none');
  expect(
    status.runs.map(({ runId, status: told, rowsQuarantined, goesOn }) => ({
      runId,
      told,
      rowsQuarantined,
      goesOn,
    })),
  ).toEqual(
    runs.map(({ id, status: written, copies }) => ({
      runId: id,
      // Nobody has written an end of it: its process is dead.
      told: written === 'running' ? 'interrupted' : written,
      rowsQuarantined: copies,
      goesOn: written === 'running' || written === 'partial',
    })),
  );
}
