import { parseArgs } from 'node:util';
import type { Sequelize } from 'sequelize';
import { createGuard, type FkGuard } from 'sequelize-fk-guard';
import { ConfigError, databaseUrl, EXIT_CONFIG } from './config';
import { connect } from './database';
import { failureOf } from './failure';
import { FIX_MIGRATION, type Migrations, migrationsOf, migrationsToRead } from './migrations';

/** EX_USAGE of sysexits.h. */
const EXIT_USAGE = 64;

const USAGE = `Usage: npm run migrate:fix-fk [-- --dry-run]

Runs the pending migrations of BookNexus on DATABASE_URL, up to the one that repairs the foreign keys.
--dry-run shows them, and what the repair would do, and writes nothing.`;

void main(process.argv.slice(2)).then(
  (exitCode) => (process.exitCode = exitCode),
  (error: unknown) => {
    const { code, reason, advice } = failureOf(error);
    console.error(advice === undefined ? reason : `${reason}\n${advice}`);
    if (error instanceof ConfigError || code === 'OPTIONS') process.exitCode = EXIT_CONFIG;
    else process.exitCode = code.startsWith('ERR_PARSE_ARGS') ? EXIT_USAGE : 1;
  },
);

async function main(args: string[]): Promise<number> {
  const { 'dry-run': dryRun, help } = parseArgs({
    args,
    options: { 'dry-run': { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  }).values;
  if (help) {
    console.log(USAGE);
    return 0;
  }
  const { sequelize } = connect(databaseUrl(process.env));
  try {
    // Before anything else: options that are wrong (FK_GUARD_MODE) must not stop a run half way.
    const guard = createGuard({ sequelize });
    return await (dryRun ? preview(sequelize, guard) : migrate(sequelize, guard));
  } finally {
    await sequelize.close();
  }
}

/** Says what would happen. Read-only, `SequelizeMeta` included. */
async function preview(sequelize: Sequelize, guard: FkGuard): Promise<number> {
  const pending = await pendingUpToFix(migrationsToRead(sequelize));
  console.log(pending.length === 0 ? 'No migration is pending.' : `Pending: ${pending.join(', ')}`);
  const { steps, refusals } = await guard.plan();
  console.log(`The repair of this database as it is now: ${steps.length} steps, ${refusals.length} refused.`);
  for (const { title, statements } of steps) {
    console.log(`- ${title}`);
    for (const { sql } of statements) console.log(`    ${sql.replaceAll('\n', '\n    ')}`);
  }
  for (const { message, option } of refusals)
    console.log(`- refused: ${message}${option && ` (option: ${option})`}`);
  console.log('Nothing was written.');
  return 0;
}

/** Runs what is pending and looks at the result; 1 when the models' promises still do not hold. */
async function migrate(sequelize: Sequelize, guard: FkGuard): Promise<number> {
  const migrations = migrationsOf(sequelize);
  const pending = await pendingUpToFix(migrations);
  if (pending.length === 0) console.log('No migration is pending.');
  migrations.on('migrated', ({ name }) => console.log(`Done: ${name}`));
  await migrations.up({ migrations: pending });
  const { summary, findings } = await guard.check();
  console.log(
    `${summary.healthy} of ${summary.relations} foreign keys are healthy, ${summary.orphanRows} orphaned rows.`,
  );
  for (const { severity, message } of findings) if (severity === 'error') console.error(`- ${message}`);
  return summary.errors === 0 ? 0 : 1;
}

/** The pending migrations up to the fix; none when the fix is on record. */
async function pendingUpToFix(migrations: Migrations): Promise<string[]> {
  const pending = (await migrations.pending()).map(({ name }) => name);
  if (pending.includes(FIX_MIGRATION)) return pending.slice(0, pending.indexOf(FIX_MIGRATION) + 1);
  const executed = (await migrations.executed()).map(({ name }) => name);
  // Without its file the fix would seem to be done.
  if (!executed.includes(FIX_MIGRATION))
    throw new Error(`The migration ${FIX_MIGRATION} is not there; run npm run build`);
  return [];
}
