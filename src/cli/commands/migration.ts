import { mkdirSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { Plan } from '../../outcome';
import { paragraph } from '../../report/layout';
import { planText } from '../../report/plan-text';
import { planWithoutKeys } from '../../reviewed-plan';
import { FkGuardError } from '../../errors';
import { visible } from '../../visible';
import { CliError } from '../cli-error';
import type { Command, Context } from '../command';
import { EXIT } from '../exit-codes';
import { commonFlags, policyFlags } from '../flags';
import { migrationPlace } from '../migration-place';
import { migrationText } from '../migration-text';
import { paintOn } from '../paint';
import { readPlanFile } from '../plan-file';
import { SHARED, writeResultFile } from '../result-file';
import { mergeOptions } from '../settings';

/** `fk-guard migration`: the reviewed plan as a file for sequelize-cli and umzug. */
export const migration: Command = {
  name: 'migration',
  define(parser) {
    parser
      .description('write a migration for sequelize-cli or umzug that applies a reviewed plan, or refuses')
      .argument('<name>', 'what it is called, such as fix-foreign-keys');
    policyFlags(
      commonFlags(parser)
        .optionsGroup('Result:')
        .option('--plan <file>', 'the plan that fk-guard plan --out has saved (default: a new one)')
        .option('--out <path>', "a file, or a directory (default: .sequelizerc's, or ./migrations)"),
    );
  },
  async run(context) {
    const { flags, argument = '', io, settings } = context;
    assertName(argument);
    if (!settings.config.sequelize) throw withoutModels(settings.config.path);
    const place = migrationPlace(argument, flags.out, settings.config, io.cwd);
    const plan = await planFor(context);
    if (plan.steps.length === 0) throw nothingToCarry();
    const text = migrationText({
      ...place,
      config: settings.config.path,
      // The file is committed, and read by whoever may read the repository.
      plan: planWithoutKeys(plan),
      options: ownOptions(context),
    });
    mkdirSync(dirname(place.file), { recursive: true });
    writeResultFile(place.file, text, SHARED);
    const file = relative(io.cwd, place.file);
    return {
      exitCode: EXIT.ok,
      body: { summary: { file, steps: plan.steps.length, refusals: plan.refusals.length } },
      text: (paint) =>
        `${[
          visible(`Wrote ${file}: ${plan.steps.length} steps for ${plan.database.name}.`),
          paragraph('  ', `Read it, commit it, then: ${place.run}`, paint),
          paragraph('  ', 'It applies exactly this plan, or refuses when schema or data have moved.', paint),
        ].join('\n')}\n`,
    };
  },
};

async function planFor({ guard, flags, io }: Context): Promise<Plan> {
  if (flags.plan !== undefined) return readPlanFile(resolve(io.cwd, flags.plan));
  const planned = await guard.plan();
  io.stderr.write(`${planText(planned, paintOn(io.stderr, io, flags.color))}\n`);
  return planned;
}

/** What flags have said stands in the file; the rest comes from the configuration, for its functions too. */
function ownOptions({ flags, settings }: Context): Readonly<Record<string, unknown>> {
  const { logger: _, onFindings: _own, directUrl: _secret, ...said } = mergeOptions({}, flags);
  const merged = settings.options as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.keys(said).map((name) => [name, merged[name]]));
}

function assertName(name: string): void {
  if (/^[A-Za-z0-9][\w.-]*$/.test(name)) return;
  throw new CliError(
    'USAGE',
    EXIT.usage,
    `"${name}" is no name for a migration.`,
    'Use letters, digits, - and _, such as fix-foreign-keys.',
  );
}

const withoutModels = (path: string): FkGuardError =>
  new FkGuardError(
    'CONFIG',
    `${path} has no Sequelize instance, and a migration is run by Sequelize.`,
    'Use fk-guard plan --out plan.json and fk-guard apply plan.json.',
  );

const nothingToCarry = (): CliError =>
  new CliError(
    'REFUSED',
    EXIT.refused,
    'The plan has no steps: there is nothing that a migration could do.',
    'See fk-guard check for what is left to decide.',
  );
