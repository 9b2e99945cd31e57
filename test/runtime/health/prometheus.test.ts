import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { METRICS } from '../../../src/runtime/health/metric-names';
import { collectFkGuardMetrics } from 'sequelize-fk-guard/prometheus';
import type { TestDatabase } from '../../postgres/database';
import { createFamily, guardOf, HIDDEN_ORPHAN } from './family';

let database: TestDatabase;
beforeEach(async () => (database = await createFamily(HIDDEN_ORPHAN)));
afterEach(() => database.drop());

/** The samples of the text format, by name. */
const samples = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/^(fk_guard_\w+) (\S+)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );

it('shows what a scrape asks for, as it is then, and what nobody knows as NaN', async () => {
  const guard = guardOf(database.url);
  const register = new Registry();
  const remove = collectFkGuardMetrics(guard, { register });
  const text = await register.metrics();
  expect(Object.keys(samples(text)).sort()).toEqual(Object.keys(METRICS).sort());
  expect(samples(text)).toMatchObject({
    fk_guard_health_status: 'Nan',
    fk_guard_orphan_rows: 'Nan',
    fk_guard_step_rows_total: '0',
    fk_guard_repairing: '0',
  });
  expect(text).toContain('# TYPE fk_guard_step_rows_total counter');
  expect(text).toContain('# TYPE fk_guard_orphan_rows gauge');

  await guard.check();
  await guard.health();
  expect(samples(await register.metrics())).toMatchObject({
    fk_guard_health_status: '1',
    fk_guard_orphan_rows: '1',
  });
  await guard.apply();
  await guard.health();
  for (let scrape = 0; scrape < 2; scrape++)
    expect(samples(await register.metrics())).toMatchObject({
      fk_guard_health_status: '0',
      fk_guard_orphan_rows: '0',
      fk_guard_step_rows_total: '1',
      fk_guard_steps_done_total: '2',
      fk_guard_health_checks_total: '2',
    });
  remove();
  expect(await register.metrics()).toBe('\n');
});

it.each(Object.entries(METRICS))('%s stands in docs/monitoring.md', (name, help) => {
  const page = readFileSync(join(__dirname, '../../../docs/monitoring.md'), 'utf8').replace(/ +/g, ' ');
  expect(page).toContain(`| \`${name}\` | ${help} |`);
});
