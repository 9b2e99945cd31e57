import { Sequelize } from 'sequelize';
import {
  createGuard,
  installFkGuard,
  type FkGuard,
  type FkGuardOptions,
  type Finding,
} from 'sequelize-fk-guard';
import { problems } from '../../src/problems';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { SCHEMA } from './chapter';
import { expectedOf, type ModelSet } from './model-set';

/** Who makes the tables: plain `sync()`, or `sync()` with a guard that was installed before the models were defined. */
export type Builder = 'Sequelize' | 'the guard';

const nothing = (): undefined => undefined;
/** A logger that says nothing. */
export const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Makes the tables of a model set; gives the SQLSTATE with which `sync()` failed, or nothing. */
export async function build(
  set: ModelSet,
  builder: Builder,
  database: TestDatabase,
): Promise<string | undefined> {
  await database.query(`create schema if not exists ${SCHEMA}`);
  const sequelize = new Sequelize(database.url, { logging: false });
  // A slow machine must not end the build half way.
  if (builder === 'the guard') installFkGuard(sequelize, { startupBudget: '10m', logger: silent });
  set.define(sequelize);
  const failure = await sequelize.sync().then(nothing, sqlStateOf);
  await sequelize.close();
  return failure;
}

function sqlStateOf(error: unknown): string {
  const { parent } = error as { parent?: { code?: string } };
  if (parent?.code === undefined) throw error;
  return parent.code;
}

/** Looks at a database with a guard that saw the models being defined, or with one that did not. */
export async function look(
  { define }: Pick<ModelSet, 'define'>,
  seen: 'early' | 'late',
  database: TestDatabase,
  options: FkGuardOptions = {},
): Promise<readonly Finding[]> {
  const sequelize = new Sequelize(database.url, { logging: false });
  const early = seen === 'early' ? installFkGuard(sequelize, { logger: silent, ...options }) : undefined;
  define(sequelize);
  const guard: FkGuard = early ?? createGuard({ sequelize }, { logger: silent, ...options });
  const { findings } = await guard.check();
  await sequelize.close();
  return findings;
}

/** A database of one test, dropped afterwards. */
export async function withDatabase<T>(
  label: string,
  work: (database: TestDatabase) => Promise<T>,
): Promise<T> {
  const database = await createDatabase(label);
  try {
    return await work(database);
  } finally {
    await database.drop();
  }
}

/**
 * `kind at Model.attribute`, or at the model or the constraint that it is about, in order; without what is advice, and
 * makes no declaration faulty: an index that nobody builds, a key that the author does not want.
 */
export const named = (findings: readonly Finding[]): readonly string[] =>
  findings
    .filter(({ kind }) => !ADVICE.includes(kind))
    .map(({ kind, relation, model, constraint }) => `${kind} at ${relation ?? model ?? constraint}`)
    .sort();

const ADVICE: readonly string[] = ['unindexed-foreign-key', 'unconstrained-association'];

/** What the styles of a set say that a look has to find, in order. */
export const wanted = (set: ModelSet, builder: Builder, seen: 'early' | 'late'): readonly string[] =>
  set.uses
    .flatMap((use) =>
      expectedOf(
        use,
        (expected) =>
          problems.some(({ kind }) => kind === expected.kind) &&
          (expected.builtBy === undefined || expected.builtBy === builder) &&
          (expected.seen === undefined || expected.seen === seen),
      ),
    )
    .sort();
