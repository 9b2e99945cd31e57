import { checkoutsProject, damaged, healthy } from './checkouts-project';

const shop = checkoutsProject();

describe('the whole way', () => {
  it('check finds, plan shows, apply repairs, check and verify are silent, restore brings back', async () => {
    const found = await shop.fkGuard(['check']);
    expect(found).toMatchObject({ code: 2, err: '' });
    expect(found.out).toContain('3 orphaned rows');
    expect(await shop.state()).toEqual(damaged);

    const planned = await shop.fkGuard(['plan']);
    expect(planned).toMatchObject({ code: 0, err: '' });
    expect(planned.out).toContain('3 rows will be removed');
    expect(planned.out).toContain('each copied to the quarantine first');
    expect(await shop.state()).toEqual(damaged);

    const applied = await shop.fkGuard(['apply', '--yes', '--accept-data-loss']);
    expect(applied.code).toBe(0);
    expect(await shop.state()).toEqual(healthy);
    expect(await shop.fkGuard(['check'])).toMatchObject({ code: 0, err: '' });
    expect(await shop.fkGuard(['verify'])).toMatchObject({ code: 0, err: '' });

    const runId = /fk-guard restore (\S+)/.exec(applied.out)?.[1] ?? '';
    await shop.database.query('alter table checkouts drop constraint checkouts_user_id_fkey');
    expect(await shop.fkGuard(['restore', runId, '--dry-run'])).toMatchObject({
      code: 0,
      out: `Run ${runId}: 3 rows could be put back.\n`,
    });
    expect((await shop.state()).checkouts).toBe(50);
    expect(await shop.fkGuard(['restore', runId])).toMatchObject({
      code: 0,
      out: `Run ${runId}: 3 rows put back.\n`,
    });
    expect((await shop.state()).checkouts).toBe(53);
  });

  it('applies a saved plan after the name of the database was typed', async () => {
    expect(await shop.fkGuard(['plan', '--out', 'plan.json'])).toMatchObject({ code: 0 });
    expect(await shop.fkGuard(['apply', 'plan.json'], { answers: [shop.database.name] })).toMatchObject({
      code: 0,
    });
    expect(await shop.state()).toEqual(healthy);
  });

  it('refuses a saved plan when the database has moved', async () => {
    await shop.fkGuard(['plan', '--out', 'plan.json']);
    await shop.database.query('alter table checkouts add column note text');
    await shop.database.query('insert into checkouts values (99, 99)');
    const refused = await shop.fkGuard(['apply', 'plan.json', '--yes', '--accept-data-loss']);
    expect(refused).toMatchObject({ code: 3, out: '' });
    expect(refused.err).toMatch(/^fk-guard: The plan is stale/m);
    expect(await shop.state()).toEqual({ ...damaged, checkouts: 54 });
  });

  it('applies nothing without consent and names the flags', async () => {
    const refused = await shop.fkGuard(['apply', '--yes']);
    expect(refused).toMatchObject({ code: 3, out: '' });
    expect(refused.err).toContain('Add --yes --accept-data-loss');
    expect(await shop.state()).toEqual(damaged);
  });

  it('only plans with --dry-run', async () => {
    expect(await shop.fkGuard(['apply', '--dry-run'])).toMatchObject({
      code: 0,
      out: (await shop.fkGuard(['plan'])).out,
      err: '',
    });
    expect(await shop.state()).toEqual(damaged);
  });

  it.each([
    ['too much', 'delete from users where id > 25', 25],
    ['everything, because the parent is empty', 'delete from users', 0],
  ])('refuses %s, and lifts that with --force', async (_, damage, left) => {
    await shop.database.query(damage);
    const refused = await shop.fkGuard(['apply', '--yes', '--accept-data-loss']);
    expect(refused.code).toBe(3);
    expect(refused.out).toContain('limits: {');
    expect(await shop.state()).toEqual(damaged);
    expect(await shop.fkGuard(['apply', '--force', '--yes', '--accept-data-loss'])).toMatchObject({
      code: 0,
    });
    expect(await shop.state()).toEqual({ ...healthy, checkouts: left });
  });

  it('an index that a key lacks is a warning, until --indexes create builds it', async () => {
    await shop.database.query(
      'delete from checkouts where user_id > 50; drop index checkouts_by_user; alter table checkouts add foreign key (user_id) references users on delete cascade',
    );
    const warned = await shop.fkGuard(['check']);
    expect(warned).toMatchObject({ code: 0, err: '' });
    expect(warned.out).toContain('unindexed-foreign-key');
    expect(await shop.fkGuard(['check', '--fail-on', 'warning'])).toMatchObject({ code: 2 });
    expect((await shop.fkGuard(['apply', '--yes'])).out).not.toContain('Build the index');
    expect(await shop.fkGuard(['apply', '--yes', '--indexes', 'create'])).toMatchObject({ code: 0 });
    expect(await shop.fkGuard(['check', '--fail-on', 'warning'])).toMatchObject({ code: 0 });
  });

  it('says that nothing was examined when everything is excluded', async () => {
    const nothing = await shop.fkGuard(['check', '--exclude', '*', '--fail-on', 'never']);
    expect(nothing.code).toBe(2);
    expect(nothing.out).toContain('Nothing was examined');
  });
});
