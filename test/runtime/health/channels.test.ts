import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createEvents } from '../../../src/events';
import type { TestDatabase } from '../../postgres/database';
import { createFamily, guardOf, HIDDEN_ORPHAN } from './family';

let database: TestDatabase;
beforeEach(async () => (database = await createFamily(HIDDEN_ORPHAN)));
afterEach(() => database.drop());

it('publishes what its listeners hear', async () => {
  const guard = guardOf(database.url);
  const [heard, published]: [unknown[], unknown[]] = [[], []];
  const events = ['step', 'stepDone', 'verify'] as const;
  const publish = (message: unknown): unknown => published.push(message);
  for (const event of events) {
    guard.on(event, (payload) => heard.push(payload));
    subscribe(`sequelize-fk-guard:${event}`, publish);
  }
  await guard.apply();
  for (const event of events) unsubscribe(`sequelize-fk-guard:${event}`, publish);
  expect(heard.length).toBeGreaterThan(2);
  expect(published).toEqual(heard);
  await guard.apply();
  expect(published).toHaveLength(heard.length);
});

it('publishes nothing where nobody has subscribed', () => {
  const publish = jest.spyOn(channel('sequelize-fk-guard:warning'), 'publish');
  createEvents().emit('warning', { message: 'unheard' });
  expect(publish).not.toHaveBeenCalled();
});
