import { Sequelize } from 'sequelize';
import { FkGuardError } from '../../src/errors';
import { installFkGuard } from '../../src/install';
import type { FkGuardOptions } from '../../src/options';

/** Nothing here connects to a database. */
const instance = (): Sequelize => new Sequelize({ dialect: 'postgres', logging: false });

const isUntouched = (sequelize: Sequelize): boolean =>
  !Object.hasOwn(sequelize, 'sync') &&
  !sequelize.hasHook('afterDefine') &&
  Object.getOwnPropertySymbols(sequelize).length === 0;

function errorOf(work: () => unknown): FkGuardError {
  try {
    work();
  } catch (error) {
    if (error instanceof FkGuardError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a second call on the same instance', () => {
  test.each<[FkGuardOptions | undefined, FkGuardOptions | undefined]>([
    [undefined, undefined],
    [{ mode: 'check' }, undefined],
    [{ mode: 'check' }, { mode: 'check' }],
    [{}, { mode: 'repair' }],
  ])('%j and then %j: the same guard, installed once', (first, second) => {
    const sequelize = instance();
    const guard = installFkGuard(sequelize, first);
    const { sync } = sequelize;
    expect(installFkGuard(sequelize, second)).toBe(guard);
    expect(sequelize.sync).toBe(sync);
    guard.uninstall();
    expect(isUntouched(sequelize)).toBe(true);
  });

  test('with other options is refused and changes nothing', () => {
    const sequelize = instance();
    const guard = installFkGuard(sequelize, { orphans: 'delete' });
    expect(errorOf(() => installFkGuard(sequelize, { orphans: 'keep' }))).toMatchObject({
      code: 'OPTIONS',
      advice: containing('uninstall()'),
    });
    expect(installFkGuard(sequelize)).toBe(guard);
  });

  test('is a first one again after uninstall(), and another instance is another guard', () => {
    const sequelize = instance();
    const guard = installFkGuard(sequelize, { orphans: 'delete' });
    guard.uninstall();
    const next = installFkGuard(sequelize, { orphans: 'keep' });
    expect(next).not.toBe(guard);
    expect(installFkGuard(instance())).not.toBe(next);
    guard.uninstall();
    expect(installFkGuard(sequelize)).toBe(next);
  });

  test('from another copy of the package finds the same guard', () => {
    const sequelize = instance();
    const guard = installFkGuard(sequelize);
    jest.isolateModules(() => {
      const copy = jest.requireActual<typeof import('../../src/install')>('../../src/install');
      expect(copy.installFkGuard).not.toBe(installFkGuard);
      expect(copy.installFkGuard(sequelize)).toBe(guard);
    });
  });
});

describe('what cannot be guarded is refused before anything is touched', () => {
  test('another dialect', () => {
    const sequelize = new Sequelize({ dialect: 'mysql', dialectModule: {}, logging: false });
    const { code, message } = errorOf(() => installFkGuard(sequelize));
    expect(code).toBe('UNSUPPORTED_DIALECT');
    expect(message).toContain('"mysql"');
    expect(isUntouched(sequelize)).toBe(true);
  });

  test.each([
    [null],
    [{}],
    ['postgres://localhost/x'],
    [Sequelize],
    [{ dialect: { name: 'postgres' }, sync: () => 1, addHook: () => 1, hooks: { addListener: () => 1 } }],
  ])('what is not a Sequelize 6 instance: %p', (value) => {
    expect(errorOf(() => installFkGuard(value as unknown as Sequelize))).toMatchObject({
      code: 'OPTIONS',
      message: containing('not a Sequelize 6 instance'),
    });
  });

  test('options that are not options', () => {
    const sequelize = instance();
    expect(errorOf(() => installFkGuard(sequelize, { orphan: 'delete' } as FkGuardOptions))).toMatchObject({
      code: 'OPTIONS',
      message: containing('did you mean "orphans"'),
    });
    expect(isUntouched(sequelize)).toBe(true);
  });

  test('a value of FK_GUARD_MODE that means nothing', () => {
    const before = process.env['FK_GUARD_MODE'];
    process.env['FK_GUARD_MODE'] = 'on';
    try {
      expect(errorOf(() => installFkGuard(instance())).message).toContain('FK_GUARD_MODE is "on"');
    } finally {
      if (before === undefined) delete process.env['FK_GUARD_MODE'];
      else process.env['FK_GUARD_MODE'] = before;
    }
  });
});

// Jest's own matcher is typed as `any`.
const containing = (text: string): unknown => expect.stringContaining(text);
