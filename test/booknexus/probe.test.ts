import { databaseProbe } from '../../app/probe';
import { createDatabase, type TestDatabase } from '../postgres/database';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase('probe');
});
afterEach(() => database.drop());

test('a storm of probes takes one connection, and that one is not kept past its end', async () => {
  const probe = databaseProbe(database.url);
  const storm = (): Promise<boolean[]> => Promise.all(Array.from({ length: 500 }, () => probe.answers()));
  const connections = () =>
    database.query(`select application_name from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`);

  expect(new Set(await storm())).toEqual(new Set([true]));
  expect(new Set(await storm())).toEqual(new Set([true]));
  expect(await connections()).toEqual([{ application_name: 'booknexus probe' }]);

  await probe.close();
  while ((await connections()).length > 0);
});
