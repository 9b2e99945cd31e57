import { DataTypes, Sequelize } from 'sequelize';
import { createGuard } from 'sequelize-fk-guard';
import type { TestDatabase } from '../../postgres/database';
import { silent } from '../../quarantine/setup';
import { createFamily, guardOf, HIDDEN_ORPHAN, listen, looks, reads, VALID_KEY } from './family';

let database: TestDatabase;
afterEach(() => database.drop());

const kinds = (health: { readonly findings: readonly { readonly kind: string }[] }): string[] =>
  health.findings.map(({ kind }) => kind);

it('passes where a valid key keeps what is promised, and reads no row for it, not even to count orphans', async () => {
  database = await createFamily(VALID_KEY);
  const guard = guardOf(database.url);
  const asked = listen();
  expect(await guard.health()).toEqual({
    status: 'pass',
    findings: [],
    checkedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
    durationMs: expect.any(Number) as number,
    repairing: false,
  });
  const monitor = guard.monitor({ every: '1h' });
  await monitor.count();
  await monitor.stop();
  expect(await guard.health()).toMatchObject({
    status: 'pass',
    findings: [],
    orphansCheckedAt: expect.any(String) as string,
  });
  expect(looks(asked)).toHaveLength(3);
  expect(reads(asked)).toEqual([]);
});

it('warns of a missing key, of whose rows it reads none, and passes when it is repaired', async () => {
  database = await createFamily();
  const guard = guardOf(database.url);
  const asked = listen();
  const broken = await guard.health();
  expect(broken).toMatchObject({ status: 'warn', findings: [{ kind: 'missing-foreign-key' }] });
  // Whether it would be repaired depends on the rows.
  expect(broken.findings[0]).toMatchObject({
    repair: 'manual',
    help: expect.stringContaining('fk-guard plan') as string,
  });
  expect(reads(asked)).toEqual([]);
  await guard.apply();
  expect(await guard.health()).toMatchObject({ status: 'pass', findings: [] });
});

it.each([
  [
    'of no unique key on the parent',
    'alter table parents drop constraint parents_pkey',
    'unreferenceable-target',
  ],
  ['of columns of other types', 'alter table children alter parent_id type text', 'type-mismatch'],
])('reads no rows %s either', async (_, damage, kind) => {
  database = await createFamily(damage);
  const guard = guardOf(database.url, { sampleKeys: 5 });
  const asked = listen();
  const health = await guard.health();
  expect(health.status).toBe('warn');
  expect(kinds(health)).toContain(kind);
  expect(reads(asked)).toEqual([]);
});

it('nor those of a table that has lost its primary key', async () => {
  database = await createFamily('alter table parents drop constraint parents_pkey');
  const sequelize = new Sequelize(database.url, { logging: false });
  sequelize.define('parents', { id: { type: DataTypes.INTEGER, primaryKey: true } }, { timestamps: false });
  const asked = listen();
  const health = await createGuard({ sequelize }, { logger: silent }).health();
  expect(health).toMatchObject({ status: 'warn', findings: [{ kind: 'missing-primary-key' }] });
  expect(reads(asked)).toEqual([]);
});

it('fails where a table or a column is missing', async () => {
  database = await createFamily('alter table children drop parent_id');
  const guard = guardOf(database.url);
  expect(await guard.health()).toMatchObject({ status: 'fail', findings: [{ kind: 'missing-column' }] });
  await database.query('drop table children');
  expect(await guard.health()).toMatchObject({ status: 'fail', findings: [{ kind: 'missing-table' }] });
});

it('passes without an index for a key, and says so', async () => {
  database = await createFamily(VALID_KEY, 'drop index children_parent_id_idx');
  expect(await guardOf(database.url).health()).toMatchObject({
    status: 'pass',
    findings: [{ kind: 'unindexed-foreign-key' }],
  });
});

it('learns of orphans behind a NOT VALID key from a count only, without their keys, and forgets what a key disproves', async () => {
  database = await createFamily(HIDDEN_ORPHAN);
  const guard = guardOf(database.url, { sampleKeys: 5 });
  expect(kinds(await guard.health())).toEqual(['not-valid-foreign-key']);
  const { findings } = await guard.check();
  expect(findings.find(({ kind }) => kind === 'orphaned-rows')).toMatchObject({ sampleKeys: ['99'] });
  const counted = await guard.health();
  expect(counted).toMatchObject({ status: 'warn', orphansCheckedAt: expect.any(String) as string });
  expect(kinds(counted)).toEqual(['not-valid-foreign-key', 'orphaned-rows']);
  // The findings alone: the times beside them may hold any digits.
  expect(JSON.stringify(counted.findings)).not.toContain('99');
  // Somebody else mends it: no count is needed to see that.
  await database.query(
    'delete from children where parent_id = 99; alter table children validate constraint children_parent',
  );
  expect(await guard.health()).toMatchObject({ status: 'pass', findings: [] });
});

it('passes when the guard itself has taken the orphans away', async () => {
  database = await createFamily(HIDDEN_ORPHAN);
  const guard = guardOf(database.url);
  await guard.monitor({ every: '1h' }).count();
  expect(kinds(await guard.health())).toContain('orphaned-rows');
  await guard.run();
  expect(await guard.health()).toMatchObject({ status: 'pass', findings: [] });
  expect(guard.metrics()).toMatchObject({ fk_guard_orphan_rows: 0, fk_guard_steps_not_done_total: 0 });
  guard.uninstall();
});

it('still warns after a run that was refused', async () => {
  database = await createFamily(HIDDEN_ORPHAN);
  const guard = guardOf(database.url, { orphans: 'keep' });
  expect((await guard.apply()).status).toBe('refused');
  const health = await guard.health();
  expect(health.status).toBe('warn');
  expect(kinds(health)).toEqual(['not-valid-foreign-key', 'orphaned-rows']);
});

it('looks once for 50 who ask at the same time', async () => {
  database = await createFamily(VALID_KEY);
  const guard = guardOf(database.url);
  const asked = listen();
  const answers = await Promise.all(Array.from({ length: 50 }, () => guard.health()));
  expect(new Set(answers).size).toBe(1);
  expect(looks(asked)).toHaveLength(1);
  await guard.health();
  expect(looks(asked)).toHaveLength(2);
});

it('says that it is repairing while a step is carried out', async () => {
  database = await createFamily();
  const guard = guardOf(database.url);
  let during: Promise<unknown> | undefined;
  guard.on('step', () => void (during ??= guard.health()));
  await guard.apply();
  expect(await during).toMatchObject({ repairing: true });
  expect(await guard.health()).toMatchObject({ repairing: false });
});

it.each([0, '0', 'soon', '90d', null])('takes %p for no duration', async (wrong) => {
  database = await createFamily();
  const guard = guardOf(database.url);
  await expect(guard.health({ timeout: wrong as string })).rejects.toMatchObject({ code: 'OPTIONS' });
  expect(() => guard.monitor({ every: wrong as string })).toThrow(
    expect.objectContaining({ code: 'OPTIONS' }) as Error,
  );
});
