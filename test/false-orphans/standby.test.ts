import { Sequelize, DataTypes, QueryTypes } from 'sequelize';
import { createGuard } from 'sequelize-fk-guard';
import { reconnectingClient, type Judge } from '../postgres/judge';
import type { Started } from '../postgres/server';
import { startOwn, startStandby } from '../postgres/standby';
import { containing, guardAt, silent } from '../quarantine/setup';
import { naively, notIn } from './naive';
import { FAMILY, KEYS } from './setting';

let primary: Started;
let standby: Started;
let onPrimary: Judge & { end(): Promise<void> };
let onStandby: Judge & { end(): Promise<void> };

/** What the standby has not heard of: 101 to 106 have got their parents meanwhile. */
beforeAll(async () => {
  primary = await startOwn();
  onPrimary = reconnectingClient(primary.url);
  await onPrimary.query(FAMILY);
  standby = await startStandby(primary.url);
  onStandby = reconnectingClient(standby.url);
  await onPrimary.query('insert into parent select i from generate_series(101, 106) i');
});
afterAll(async () => {
  await onPrimary.end();
  await onStandby.end();
  await standby.stop();
  await primary.stop();
});

const rows = async (judge: Judge): Promise<number> =>
  Number((await judge.query<{ rows: string }>('select count(*) as rows from child'))[0]?.rows);

/** The keys of the parents as a script fetches them, for the statement that it then sends. */
const notAmong = (ids: readonly { readonly id: number }[]): string =>
  `delete from child where parent_id not in (${ids.map(({ id }) => id).join()})`;

test('a standby is behind: nothing that is seen there is cleaned', async () => {
  const ids = await onStandby.query<{ id: number }>('select id from parent');
  expect(await naively(primary.url, notAmong(ids))).toBe(8);
  expect(await naively(primary.url, notIn('child', 'parent_id', 'parent'))).toBe(2);
  const guard = guardAt(standby.url, KEYS, { orphans: 'delete' });
  const { findings } = await guard.check();
  expect(findings).toContainEqual(
    expect.objectContaining({
      kind: 'orphaned-rows',
      rows: 8,
      repair: 'refused',
      refusal: { code: 'STANDBY', option: '', message: containing('its parents may be behind') },
    }),
  );
  expect((await guard.plan()).steps).toEqual([]);
  expect(await guard.apply()).toMatchObject({ status: 'refused', rowsDeleted: 0 });
  expect([await rows(onPrimary), await rows(onStandby)]).toEqual([108, 108]);
});

test('an application that reads from a standby: the guard looks at the primary', async () => {
  const server = ({ port, username, password, hostname, pathname }: URL) => ({
    host: hostname,
    port,
    username,
    password,
    database: pathname.slice(1),
  });
  const sequelize = new Sequelize({
    dialect: 'postgres',
    logging: false,
    replication: { read: [server(new URL(standby.url))], write: server(new URL(primary.url)) },
  });
  const id = { type: DataTypes.INTEGER, primaryKey: true };
  const parent = sequelize.define('Parent', { id }, { tableName: 'parent', timestamps: false });
  const child = sequelize.define('Child', { id }, { tableName: 'child', timestamps: false });
  parent.hasMany(child, { foreignKey: 'parent_id', onDelete: 'CASCADE' });
  const ids = await sequelize.query<{ id: number }>('select id from parent', { type: QueryTypes.SELECT });
  expect(await naively(primary.url, notAmong(ids))).toBe(8);
  const outcome = await createGuard({ sequelize }, { logger: silent }).apply();
  await sequelize.close();
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 2 });
  expect(await rows(onPrimary)).toBe(106);
});
