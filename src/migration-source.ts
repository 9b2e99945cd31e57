import { readFileSync } from 'node:fs';
import type { SequelizeInstance } from './model/sequelize-instance';
import type { Plan } from './outcome';
import { invalidPlan, parsePlan } from './reviewed-plan';

/** What a module with a configuration holds: its options, and how to get its instance. */
export interface Configured {
  readonly sequelize: SequelizeInstance | undefined;
  readonly options: object;
}

/** Reads what `import('./fk-guard.config')` brings, in each of the forms that a configuration may have. */
export async function configuredBy(loaded: unknown): Promise<Configured> {
  const value = await called(exportOf(loaded));
  const given = has(value, 'sequelize') ? await called(value.sequelize) : value;
  return {
    sequelize: given as SequelizeInstance | undefined,
    options: has(value, 'options') && has(value, 'sequelize') ? (Object(value.options) as object) : {},
  };
}

/** Behind the `default` of a module, and the second one of a compiled module. */
function exportOf(loaded: unknown): unknown {
  if (!has(loaded, 'default') || has(loaded, 'sequelize')) return loaded;
  return has(loaded.default, '__esModule') ? exportOf(loaded.default) : loaded.default;
}

const called = async (value: unknown): Promise<unknown> =>
  typeof value === 'function' ? (value as () => unknown)() : value;

const has = <Name extends string>(value: unknown, name: Name): value is Record<Name, unknown> =>
  typeof value === 'object' && value !== null && name in value;

/** The reviewed plan: itself, its JSON, or the path of a file with it. Throws `PLAN_INVALID`. */
export function reviewedPlan(given: Plan | string): Plan {
  if (typeof given !== 'string') return parsePlan(given);
  const isJson = given.trimStart().startsWith('{');
  const what = isJson ? 'The plan' : given;
  try {
    return parsePlan(JSON.parse(isJson ? given : readFileSync(given, 'utf8')), what);
  } catch (error) {
    throw error instanceof Error && error.name === 'FkGuardError'
      ? error
      : invalidPlan(`${what} cannot be read as a plan`, error);
  }
}
