import { createGuardCore } from './create-guard';
import { databaseOf } from './db';
import type { FkGuard } from './guard';
import { environment } from './host';
import { forget, installOnce, type Installation } from './installation';
import { recordDeclarations } from './model/declarations';
import { readModels } from './model/read';
import { postgresInstance, type SequelizeInstance } from './model/sequelize-instance';
import type { SequelizeLike } from './model/sequelize-like';
import type { FkGuardOptions, Settings } from './options';
import { environmentMode, parseOptions } from './parse-options';
import { parentsFirst } from './sync/parents-first';
import { createTurns } from './sync/turns';
import { wrapSync } from './sync/wrapper';

/**
 * Puts the guard around every `sync()` of a Sequelize instance and its models, and returns it. Best called right
 * after `new Sequelize(…)`, before the models: then it knows which actions an author wrote and which are defaults.
 *
 * A second call returns the same guard. Throws `UNSUPPORTED_DIALECT`, or `OPTIONS`, before anything is read or written.
 */
export function installFkGuard(sequelize: SequelizeInstance, options?: FkGuardOptions): FkGuard {
  const instance = postgresInstance(sequelize);
  const settings = parseOptions(options, environment());
  return installOnce(instance, options && settings, () => install(instance, settings));
}

function install(sequelize: SequelizeLike, settings: Settings): Installation {
  const recording = recordDeclarations(sequelize);
  const core = createGuardCore({
    database: databaseOf(sequelize),
    expected: () => readModels(sequelize, recording.written),
    settings,
    uninstall() {
      unwrap();
      recording.stop();
      forget(sequelize, installation);
    },
  });
  const mode = environmentMode(environment()) === 'off' ? 'off' : settings.mode;
  const unwrap = wrapSync(sequelize, {
    begin: core.begin,
    mode: () => mode,
    warn: core.warn,
    ...(settings.serializeModelSync && { turns: createTurns(() => parentsFirst(sequelize)) }),
  });
  const installation = { guard: core.guard, settings };
  return installation;
}
