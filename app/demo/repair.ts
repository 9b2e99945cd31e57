import type { FkGuard, Plan } from 'sequelize-fk-guard';
import { everything, keysOf, orphansIn, soundRows } from './facts';
import { claimPromises } from './promises';
import { withSql } from './sql';
import type { Story } from './story';

/** Chapter 4: what the guard sees. */
export async function check(story: Story, url: string, guard: FkGuard): Promise<void> {
  story.chapter('Check: what is wrong');
  const before = await withSql(url, everything);
  const { findings, summary } = await guard.check();
  for (const { severity, message } of findings)
    if (severity !== 'info') story.quote(`${severity.padEnd(7)} ${message}`);
  const { ofUsers, ofBooks, ofCheckouts } = await withSql(url, orphansIn);
  const kinds = new Set<string>(findings.map(({ kind }) => kind));
  story.claim(
    `it counts ${summary.orphanRows} orphaned rows, as plain SQL does`,
    summary.orphanRows === ofUsers + ofBooks + ofCheckouts,
  );
  story.claim(
    'it sees the missing keys, the missing CASCADE, the second key and the lost primary key',
    ['missing-foreign-key', 'wrong-on-delete', 'duplicate-foreign-key', 'missing-primary-key'].every((kind) =>
      kinds.has(kind),
    ),
  );
  story.claim('it changed nothing', before === (await withSql(url, everything)));
}

/** Chapter 5: what the guard would do about it. */
export async function plan(story: Story, url: string, guard: FkGuard): Promise<Plan> {
  story.chapter('Plan: what to do, in which order');
  const before = await withSql(url, everything);
  const planned = await guard.plan();
  for (const [index, { title }] of planned.steps.entries())
    story.quote(`${String(index + 1).padStart(2)}. ${title}`);
  story.claim(
    'nothing had to be refused: somebody wrote down what these models want',
    planned.refusals.length === 0,
  );
  story.claim('it changed nothing', before === (await withSql(url, everything)));
  return planned;
}

/** Chapter 6: exactly that plan. Returns how many rows left the tables. */
export async function apply(story: Story, url: string, guard: FkGuard, planned: Plan): Promise<number> {
  story.chapter('Apply: exactly that plan');
  const [before, hopeless] = await withSql(
    url,
    async (sql) => [await soundRows(sql), (await orphansIn(sql)).total] as const,
  );
  const outcome = await guard.apply(planned);
  const { status, rowsDeleted, rowsQuarantined, durationMs, steps } = outcome;
  story.quote(
    `${status}: ${steps.length} steps, ${rowsDeleted} orphans removed, ${rowsQuarantined} rows in quarantine, ${Math.round(durationMs)} ms`,
  );
  await withSql(url, async (sql) => {
    story.claim('every step is done', status === 'repaired' && steps.every((step) => step.status === 'done'));
    story.claim('no row points at nothing any more', (await orphansIn(sql)).total === 0);
    story.claim('every other row is what it was', before === (await soundRows(sql)));
    const keys = await keysOf(sql);
    claimPromises(story, keys);
    story.claim(
      '"Checkouts" has its primary key again',
      keys.some((key) => key.on === 'Checkouts' && key.definition === 'PRIMARY KEY (id)'),
    );
  });
  return hopeless;
}

/** Chapter 7: a second look, and a second run. */
export async function verify(story: Story, url: string, guard: FkGuard): Promise<void> {
  story.chapter('Verify: look again');
  const { summary, findings } = await guard.verify();
  story.quote(
    `${summary.healthy} of ${summary.relations} foreign keys are healthy, ${summary.orphanRows} orphaned rows`,
  );
  story.claim(
    'no error and no warning is left',
    findings.every(({ severity }) => severity === 'info'),
  );
  const before = await withSql(url, keysOf);
  const { status, steps } = await guard.apply();
  const after = await withSql(url, keysOf);
  story.claim('applying again does nothing', status === 'clean' && steps.length === 0);
  story.claim(
    'and leaves every constraint the same object',
    JSON.stringify(before) === JSON.stringify(after),
  );
}
