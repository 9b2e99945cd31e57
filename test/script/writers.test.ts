import { children } from '../false-orphans/setting';
import { connect, copiedRows, pidOf, untilBlockedBy } from '../quarantine/setup';
import { attacked, made } from './attack';
import { runScript } from './psql';

const own = attacked();

test('rows that a writer has under way: one gets a parent and stays, one is copied as it is when it goes', async () => {
  const { database } = own;
  const script = await made(database);
  const client = await connect(database.url);
  await client.query('begin; update child set parent_id = 5 where id = 21');
  await client.query('update child set other_id = 7 where id = 22');
  const running = runScript(database.url, script);
  await untilBlockedBy(database, await pidOf(client));
  await client.query('commit');
  await client.end();
  await running;
  expect(await children(database)).toBe('1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21');
  expect(await copiedRows(database, 'child')).toEqual([
    { id: '22', parent_id: '22', other_id: '7' },
    { id: '23', parent_id: '23', other_id: null },
  ]);
});
