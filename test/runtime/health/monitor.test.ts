import { once } from 'node:events';
import type { GuardEvents } from 'sequelize-fk-guard';
import type { TestDatabase } from '../../postgres/database';
import { freePort } from '../../postgres/postmaster';
import { connect, pidOf, untilBlockedBy } from '../../quarantine/setup';
import { createFamily, guardOf, HIDDEN_ORPHAN, listen, reads } from './family';

let database: TestDatabase;
beforeEach(async () => (database = await createFamily(HIDDEN_ORPHAN)));
afterEach(() => database.drop());

/** A client that keeps everybody from reading the children. */
async function withChildrenLocked<T>(work: (pid: number) => Promise<T>): Promise<T> {
  const holder = await connect(database.url);
  try {
    await holder.query('begin; lock table children');
    return await work(await pidOf(holder));
  } finally {
    await holder.end();
  }
}

const figure = (guard: ReturnType<typeof guardOf>, name: string) => guard.metrics()[`fk_guard_${name}`];

test('of two monitors one counts, and the other one has its turn when that is done', async () => {
  const [one, other] = [guardOf(database.url), guardOf(database.url)];
  const monitors = [one.monitor({ every: '1h' }), other.monitor({ every: '1h' })] as const;
  const asked = listen();
  const counting = await withChildrenLocked(async (pid) => {
    const first = monitors[0].count();
    await untilBlockedBy(database, pid);
    await monitors[1].count();
    return { first };
  });
  await counting.first;
  expect([figure(one, 'monitor_counts_total'), figure(other, 'monitor_counts_total')]).toEqual([1, 0]);
  // It tries again by itself.
  expect(figure(other, 'monitor_counts_skipped_total')).toBeGreaterThanOrEqual(1);
  expect(figure(one, 'orphan_rows')).toBe(1);
  expect(figure(other, 'orphan_rows')).toBeUndefined();
  const scans = reads(asked).length;
  expect(scans).toBeGreaterThan(0);
  await monitors[1].count();
  expect(figure(other, 'orphan_rows')).toBe(1);
  await Promise.all(monitors.map((monitor) => monitor.stop()));
});

test('it counts by itself, again and again, and tells of new orphans once', async () => {
  const warnings: string[] = [];
  const logger = {
    debug() {},
    info() {},
    warn: () => undefined,
    error: (line: string) => warnings.push(line),
  };
  const guard = guardOf(database.url, { logger });
  const looked = new EventTarget();
  const reports: GuardEvents['inspect'][] = [];
  guard.on('inspect', (event) => {
    reports.push(event);
    if (reports.length === 3) looked.dispatchEvent(new Event('thrice'));
  });
  const thrice = once(looked, 'thrice');
  const monitor = guard.monitor({ every: '5ms' });
  await thrice;
  await monitor.stop();
  expect(figure(guard, 'monitor_counts_total')).toBeGreaterThanOrEqual(2);
  expect(warnings).toEqual([expect.stringContaining('fk-guard: orphaned-rows: 1 row of public.children')]);
});

test('it keeps no process alive', async () => {
  const timers = jest.spyOn(globalThis, 'setTimeout');
  const monitor = guardOf(database.url).monitor({ every: '1h' });
  const [first] = timers.mock.results;
  expect((first?.value as NodeJS.Timeout).hasRef()).toBe(false);
  await monitor.stop();
});

test('stop() cuts a count off, also one that a lock holds up, and may be called again', async () => {
  const guard = guardOf(database.url);
  const monitor = guard.monitor({ every: '1h' });
  await withChildrenLocked(async (pid) => {
    const counting = monitor.count();
    await untilBlockedBy(database, pid);
    await Promise.all([monitor.stop(), monitor.stop(), counting]);
  });
  await monitor.stop();
  await monitor.count();
  expect(figure(guard, 'monitor_counts_total')).toBe(0);
  expect(figure(guard, 'monitor_counts_failed_total')).toBe(0);
  expect(figure(guard, 'orphan_rows')).toBeUndefined();
});

test('uninstall() stops it', async () => {
  const guard = guardOf(database.url);
  const monitor = guard.monitor({ every: '1h' });
  await withChildrenLocked(async (pid) => {
    const counting = monitor.count();
    await untilBlockedBy(database, pid);
    guard.uninstall();
    await counting;
  });
  expect(figure(guard, 'monitor_counts_total')).toBe(0);
  await monitor.stop();
});

test('what goes wrong is a warning, and the next count is another try', async () => {
  const nowhere = `postgres://u:secret@127.0.0.1:${await freePort()}/none`;
  const guard = guardOf(nowhere);
  const warnings: string[] = [];
  guard.on('warning', ({ message }) => warnings.push(message));
  const monitor = guard.monitor({ every: '1h' });
  await monitor.count();
  await monitor.count();
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toMatch(/^The monitor could not count orphans: Cannot connect to /);
  expect(warnings.join()).not.toContain('secret');
  expect(figure(guard, 'monitor_counts_failed_total')).toBe(2);
  await monitor.stop();
});

test('it waits for the end of a repair in its process', async () => {
  const guard = guardOf(database.url);
  const monitor = guard.monitor({ every: '1h' });
  let during: Promise<void> | undefined;
  guard.on('step', () => void (during ??= monitor.count()));
  await guard.apply();
  await during;
  expect(figure(guard, 'monitor_counts_skipped_total')).toBe(1);
  await monitor.stop();
});

test('its lock is held without a snapshot', async () => {
  const monitor = guardOf(database.url).monitor({ every: '1h' });
  await withChildrenLocked(async (pid) => {
    const counting = monitor.count();
    await untilBlockedBy(database, pid);
    expect(
      await database.query(
        `select a.state, a.backend_xmin from pg_stat_activity a join pg_locks l using (pid)
          where l.locktype = 'advisory' and l.classid = 6712167 and l.objid = 3 and l.granted
            and a.datname = current_database()`,
      ),
    ).toEqual([{ state: 'idle in transaction', backend_xmin: null }]);
    await monitor.stop();
    await counting;
  });
});
