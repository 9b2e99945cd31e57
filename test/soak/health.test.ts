import { createTemplate, SERVER_VARIABLE, TEMPLATE_VARIABLE } from '../postgres/database';
import { startEmbedded, type Embedded } from '../postgres/embedded';
import { createFamily, guardOf, VALID_KEY } from '../runtime/health/family';
import { times } from './soak';

let server: Embedded;
beforeAll(async () => {
  server = await startEmbedded(undefined, ['synchronous_commit=on']);
  process.env[SERVER_VARIABLE] = server.url;
  process.env[TEMPLATE_VARIABLE] = await createTemplate(server.url);
});
afterAll(() => server.stop());

test('a health check fails while the server is stopped and passes by itself when it is back; a monitor goes on counting', async () => {
  const database = await createFamily(VALID_KEY);
  const guard = guardOf(database.url);
  const warnings: string[] = [];
  guard.on('warning', ({ message }) => warnings.push(message));
  const monitor = guard.monitor({ every: '1h' });
  for (let round = 1; round <= times(20, 2); round++) {
    expect((await guard.health()).status).toBe('pass');
    // Many at once while it goes down: each gets an answer, whichever.
    const asked = Promise.all(Array.from({ length: 20 }, () => guard.health()));
    await server.stopAtOnce();
    expect(['pass', 'fail']).toContain((await asked)[0]?.status);
    expect(await guard.health()).toMatchObject({ status: 'fail', error: { code: 'CONNECTION' } });
    await monitor.count();
    expect(warnings).toHaveLength(round);
    await server.startAgain();
    expect((await guard.health()).status).toBe('pass');
    await monitor.count();
    expect(guard.metrics()).toMatchObject({ fk_guard_monitor_counts_total: round });
  }
  await monitor.stop();
  await database.drop();
}, 600_000);
