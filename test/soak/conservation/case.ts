import { Sequelize } from 'sequelize';
import {
  createGuard,
  installFkGuard,
  type FkGuard,
  type FkGuardOptions,
  type FkGuardError,
  type RestoreOutcome,
} from 'sequelize-fk-guard';
import { defineModels } from '../../../models';
import { keyDamages } from '../../generator/damage/key-damages';
import { randomFrom, type Random } from '../../generator/random';
import type { TestDatabase } from '../../postgres/database';
import { HOSTILE_DEFAULTS } from '../../quarantine/every-type';
import { chooseOptions } from './choices';
import { extraColumns } from './columns';
import type { Library } from './library';
import { asLines, lacking, lineOf, readCopies, replay } from './replay';
import { readRows, relationsOf, PINNED, type Rows } from './rows';
import { rowsGoWrong, typeGoesWrong, type RowDamage } from './rows-go-wrong';
import {
  inSameOrder,
  orphansUnderNewProof,
  readStructure,
  typesThatDiffer,
  undoStructure,
  type Structure,
} from './structure';

type FailedRow = RestoreOutcome['failed'][number];

/** What became of one damaged library. Everything under `faults` must be empty. */
export interface Verdict {
  readonly damages: readonly string[];
  readonly options: FkGuardOptions;
  readonly status: string;
  readonly refusals: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, readonly unknown[]>>;
}

/** Damages a copy of the library, lets the guard repair it, holds rows and copies beside each other, and restores. */
export async function runCase(library: Library, seed: number, number: number): Promise<Verdict> {
  const random = randomFrom(seed * 1_000_003 + number);
  const database = await library.copy();
  try {
    const damages = await damage(database, library, random);
    const options = chooseOptions(library.site, random);
    const early = random.chance(0.5);
    const sequelize = new Sequelize(database.url, { logging: false });
    try {
      const guard = early ? installFkGuard(sequelize, options) : undefined;
      defineModels(sequelize);
      const judged = await judge(database, library, guard ?? createGuard({ sequelize }, options), options);
      return { damages, options, ...judged };
    } finally {
      await sequelize.close();
    }
  } finally {
    await database.drop();
  }
}

/** Does what chance says, and gives the names of what could be done: one damage may leave no place for another. */
async function damage(database: TestDatabase, { site }: Library, random: Random): Promise<readonly string[]> {
  const context = { site, random, isWritten: () => true, isTimed: () => true };
  const damages: readonly RowDamage[] = [
    ...extraColumns(site.tables, random).map((sql) => ({ name: 'a column more', sql })),
    ...rowsGoWrong(site, random),
    ...(random.chance(0.3) ? [typeGoesWrong(random.pick(site.keys), random)] : []),
    ...random
      .shuffle(keyDamages)
      .slice(0, random.below(5))
      .flatMap((kind) => kind(context) ?? [])
      // With rows that have lost their parent no key can be made but NOT VALID.
      .map(({ name, sql }) => ({
        name,
        sql: sql.replace(/(references .*?)( not valid)?$/s, '$1 not valid'),
      })),
  ];
  const done: string[] = [];
  for (const { name, sql } of damages)
    await database.query(sql).then(
      () => done.push(name),
      () => database.query('reset session_replication_role'),
    );
  for (const setting of random.shuffle(HOSTILE_DEFAULTS).slice(0, random.below(4)))
    await database.query(`alter database ${database.name} set ${setting}`);
  await database.query(PINNED);
  return done;
}

async function judge(
  database: TestDatabase,
  { site }: Library,
  guard: FkGuard,
  options: FkGuardOptions,
): Promise<Omit<Verdict, 'damages' | 'options'>> {
  const schema = (options.quarantine || {}).schema ?? 'fk_guard';
  const structure = await readStructure(database);
  const before = await readRows(database, await relationsOf(database, site.keys));
  const outcome = await guard.apply().catch((error: FkGuardError) => error);
  const after = await readRows(database);
  if (outcome instanceof Error)
    return {
      status: `error ${outcome.code}`,
      refusals: [],
      counts: {},
      faults: { unexpected: outcome.code === 'OPTIONS' ? [] : [outcome], ...unequal(before, after) },
    };
  const copies = outcome.runId === undefined ? [] : await readCopies(database, schema);
  const isComputed = (table: string, name: string): boolean =>
    structure.columns.some((column) => column.table === table && column.name === name && column.computed);
  const undone = replay(after, copies, isComputed);
  const made = lacking(undone.lines, asLines(before));
  const innocent = [...before].flatMap(([table, rows]) =>
    rows.filter(({ fallen }) => !fallen).map(({ values }) => lineOf(table, values)),
  );
  const orphans = await orphansUnderNewProof(database, structure);
  const restored = await afterRestore(database, guard, outcome.runId, structure, before, made);
  return {
    status: outcome.status,
    refusals: outcome.steps.flatMap(({ status, error }) => (status === 'done' || !error ? [] : [error.code])),
    counts: {
      rows: asLines(before).length,
      innocent: innocent.length,
      deleted: copies.filter(({ action }) => action === 'delete').length,
      changed: copies.filter(({ action, given }) => action === 'change' && !given).length,
      given: copies.filter(({ given }) => given).length,
      created: made.length,
      converted: outcome.steps.filter(({ status, title }) => status === 'done' && /convert/i.test(title))
        .length,
      restored: outcome.runId === undefined ? 0 : 1,
      'restored with the schema': restored.byItself,
    },
    faults: {
      'good rows gone': lacking(innocent, asLines(after)),
      'gone without a copy': lacking(asLines(before), undone.lines),
      'copies of what was not so': undone.strays,
      'rows that came': made.length === outcome.parentsCreated ? [] : made,
      'copies not counted':
        outcome.rowsQuarantined === copies.length ? [] : [outcome.rowsQuarantined, copies.length],
      'rows not conserved': conserved(before, after, copies, made)
        ? []
        : [asLines(before).length, asLines(after).length],
      orphans,
      'steps that failed': outcome.steps.filter(
        ({ status, error }) => status === 'failed' && !isOwnFault(error),
      ),
      ...restored.faults,
    },
  };
}

/**
 * What was asked for was against a constraint (23001, 23502, 23503, 23505), or was a parent with a key that is too big
 * for its column (22003): such a step has done nothing.
 */
const isOwnFault = (error: { readonly message: string } | undefined): boolean =>
  /\((23(001|50[235])|22003)\)/.test(error?.message ?? '');

const conserved = (
  before: Rows,
  after: Rows,
  copies: readonly { action: string }[],
  made: readonly string[],
) =>
  asLines(before).length + made.length ===
  asLines(after).length + copies.filter(({ action }) => action === 'delete').length;

/** Nothing is left of a run whose rows are back, but for the parents that it has made. */
async function afterRestore(
  database: TestDatabase,
  guard: FkGuard,
  runId: string | undefined,
  structure: Structure,
  before: Rows,
  made: readonly string[],
): Promise<Pick<Verdict, 'faults'> & { readonly byItself: number }> {
  if (runId === undefined) return { faults: unequal(before, await readRows(database)), byItself: 0 };
  const { failed, byItself } = await restoreAll(database, guard, runId, structure);
  const restored = await readRows(database);
  const kept = new Map(
    [...restored].map(([table, rows]) => [
      table,
      rows.filter(({ values }) => !made.includes(lineOf(table, values))),
    ]),
  );
  const bytes = (rows: Rows): readonly string[] =>
    [...rows.values()].flatMap((all) => all.map(({ line }) => line));
  const now = await readStructure(database);
  const faults = {
    'not restored': failed,
    'types that are not back': typesThatDiffer(structure, now),
    'other bytes': inSameOrder(structure, now) ? lacking(bytes(before), bytes(kept)) : [],
    ...unequal(before, kept),
  };
  return { faults, byItself: byItself ? 1 : 0 };
}

/**
 * With its schema where that may be; a person takes the keys away where other ones keep rows out, or where the schema
 * cannot go back by itself. Gives what does not come back even then.
 */
async function restoreAll(
  database: TestDatabase,
  guard: FkGuard,
  runId: string,
  structure: Structure,
): Promise<{ readonly failed: readonly unknown[]; readonly byItself: boolean }> {
  const whole = await guard.restore(runId, { schema: true }).catch((error: FkGuardError) => error);
  if (whole instanceof Error && !['SCHEMA_MOVED', 'LIMIT'].includes(whole.code))
    return { failed: [String(whole)], byItself: false };
  if (!(whole instanceof Error) && whole.failed.length === 0) return { failed: [], byItself: true };
  const others = whole instanceof Error ? [] : whole.failed.filter((row) => !lacksParent(row, whole.failed));
  await undoStructure(database, structure);
  return { failed: [...others, ...(await guard.restore(runId)).failed], byItself: false };
}

/** A key keeps the row out, or keeps out the copy that the row was removed with later. */
function lacksParent({ reason }: FailedRow, failed: readonly FailedRow[]): boolean {
  const removal = /that copy \(row (\d+)\)/.exec(reason)?.[1];
  return /parent/.test(failed.find(({ row }) => row === removal)?.reason ?? reason);
}

function unequal(before: Rows, after: Rows): Verdict['faults'] {
  const [old, now] = [asLines(before), asLines(after)];
  return { 'lost by then': lacking(old, now), 'come by then': lacking(now, old) };
}
