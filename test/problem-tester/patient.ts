import { Sequelize } from 'sequelize';
import { createGuard, installFkGuard, type FkGuard, type FkGuardOptions } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';
import type { ProblemCase } from './case';

/** A fresh copy of a case's damaged database, with a guard for it. */
export interface Patient {
  readonly database: TestDatabase;
  readonly guard: FkGuard;
}

/** The server itself refuses any DDL that would wait for its locks without an end; the judge's own may. */
const NO_ENDLESS_WAIT = `
  create function pg_catalog.no_endless_wait() returns event_trigger language plpgsql as $$ begin
    if current_setting('lock_timeout') = '0' and current_setting('application_name') <> 'judge'
    then raise 'under no lock_timeout: %', tg_tag; end if; end $$;
  create event trigger no_endless_wait on ddl_command_start execute function pg_catalog.no_endless_wait()`;

/** Gives `work` a fresh copy, and takes it away whatever happens. */
export async function withPatient<T>(
  problem: ProblemCase,
  work: (patient: Patient) => Promise<T>,
): Promise<T> {
  const database = await createDatabase(problem.kind);
  try {
    await database.query(problem.schema);
    await database.query(NO_ENDLESS_WAIT);
    await problem.prepare?.(database);
    const { guard, close } = guardOf(problem, database.url);
    try {
      return await work({ database, guard });
    } finally {
      await close();
    }
  } finally {
    // A leak is only worth a word when nothing else went wrong, and a cut connection takes its time to be gone.
    await database.drop({ force: true });
  }
}

interface OpenGuard {
  readonly guard: FkGuard;
  close(): Promise<void>;
}

function guardOf({ models, foreignKeys, options }: ProblemCase, url: string): OpenGuard {
  const quiet: FkGuardOptions = { ...options, logger: silent };
  if (!models) {
    return {
      guard: createGuard({ url, foreignKeys: foreignKeys ?? [] }, quiet),
      close: () => Promise.resolve(),
    };
  }
  const sequelize = new Sequelize(url, { logging: false, define: { timestamps: false } });
  const guard = installFkGuard(sequelize, quiet);
  models(sequelize);
  return { guard, close: () => sequelize.close() };
}

const nothing = (): void => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
