import { databaseOf, withSession } from './db';
import { FkGuardError } from './errors';
import type { Finding } from './finding';
import { environment } from './host';
import { installedSettings } from './installation';
import { readModels } from './model/read';
import { postgresInstance, type SequelizeInstance } from './model/sequelize-instance';
import type { FkGuardOptions } from './options';
import type { Report } from './outcome';
import { parseOptions } from './parse-options';
import { declared, restrict } from './policy/restrict';

/**
 * For an application's own test suite: resolves when the database keeps every promise of the models, and otherwise
 * rejects with `FINDINGS`, all findings of severity error in its message and in `findings`. Never writes. Without
 * options those of the guard that is installed on the instance count. Rejects with `NO_MODELS` when there was nothing
 * to look at, and with `OPTIONS`.
 */
export async function assertForeignKeys(
  sequelize: SequelizeInstance,
  options?: FkGuardOptions,
): Promise<void> {
  const instance = postgresInstance(sequelize);
  const installed = options === undefined ? installedSettings(instance) : undefined;
  const settings = installed ?? parseOptions(options, environment());
  const expected = restrict(declared(readModels(instance)), settings);
  const database = databaseOf(instance);
  const { examineAny } = await import('./tenants/examine-any');
  const { report } = await withSession(database, (session) =>
    examineAny(session, { database, expected, settings, deadline: Infinity }, 'rows'),
  );
  if (report.summary.relations === 0) throw nothingExamined();
  const [unseen] = report.tenants?.failed ?? [];
  if (unseen)
    throw new FkGuardError(
      'FINDINGS',
      `The tenant ${unseen.schema} could not be looked at: ${unseen.error.message}`,
      unseen.error.advice,
    );
  const broken = report.findings.filter(({ severity }) => severity === 'error');
  if (broken.length > 0) throw broke(report, broken);
}

function broke({ database }: Report, findings: readonly Finding[]): FkGuardError {
  const lines = findings.map(({ kind, message, help }) => `  ${kind}: ${message}\n    ${help}`);
  return new FkGuardError(
    'FINDINGS',
    [`The database ${database.name} does not keep what the models promise:`, ...lines].join('\n'),
    'Run `npx fk-guard check` for the details and `npx fk-guard apply` to repair them.',
    undefined,
    findings,
  );
}

const nothingExamined = (): FkGuardError =>
  new FkGuardError(
    'NO_MODELS',
    'Nothing was examined: no relation is declared, or all are excluded.',
    'Define the models and their associations before the assertion.',
  );
