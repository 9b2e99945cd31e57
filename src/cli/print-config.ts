import { environmentMode, parseOptions } from '../parse-options';
import { paragraph } from '../report/layout';
import { visibleLines } from '../visible';
import type { Result } from './command';
import { EXIT } from './exit-codes';
import type { Flags } from './flags';
import type { Opened } from './open-guard';
import { mergeOptions } from './settings';

type Environment = Readonly<Record<string, string | undefined>>;

/** One value that holds, and who gave it. */
interface Held {
  readonly value: unknown;
  readonly from: 'flag' | 'environment' | 'file' | 'default';
}

/** `--print-config`: what holds and where each value comes from. Nothing is connected; secrets are masked by their form. */
export function printedConfig(opened: Opened, flags: Flags, env: Environment): Result {
  const { config } = opened;
  const configuration = {
    file: config.path,
    ...(config.through !== undefined && { through: config.through }),
    database: databaseOf(opened),
    options: heldOptions(opened, flags, env),
  };
  return {
    exitCode: EXIT.ok,
    body: { configuration },
    text: (paint) =>
      [
        `file      ${config.path}${config.through === undefined ? '' : `, by ${config.through}`}`,
        `database  ${configuration.database.value} (${configuration.database.from})`,
        'options',
        ...Object.entries(configuration.options).map(([name, { value, from }]) =>
          paragraph('  ', visibleLines(`${name} = ${JSON.stringify(value)} (${from})`), paint),
        ),
        '',
      ].join('\n'),
  };
}

function databaseOf({ config, chosen }: Opened): { readonly value: string; readonly from: string } {
  if (chosen) return { value: chosen.url, from: chosen.from };
  const { host, port, database } = (config.sequelize?.connectionManager.config ?? {}) as Readonly<
    Record<string, unknown>
  >;
  return { value: [host, port, database].map(shown).join(' '), from: 'the Sequelize instance' };
}

const shown = (part: unknown): string =>
  typeof part === 'string' || typeof part === 'number' ? `${part}` : '?';

/** The values are those that the library makes of the options, so that a default is the one that really holds. */
function heldOptions(
  { config, options }: Opened,
  flags: Flags,
  env: Environment,
): Readonly<Record<string, Held>> {
  const { logger: _, onFindings: _own, ...held } = parseOptions(options, env);
  const configured = Object.keys(config.options ?? {});
  const byFlag = Object.keys(mergeOptions({}, flags));
  const fromOf = (name: string): Held['from'] => {
    if (name === 'mode' && environmentMode(env) !== undefined) return 'environment';
    if (byFlag.includes(name)) return 'flag';
    if (name === 'directUrl' && env['FK_GUARD_DIRECT_URL']) return 'environment';
    return configured.includes(name) ? 'file' : 'default';
  };
  const entries = Object.entries(held).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, { value: plainOf(value), from: fromOf(name) }]),
  );
}

/** Functions of the configuration are shown as what they are. */
const plainOf = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, part: unknown) =>
      typeof part === 'function' ? '(function)' : typeof part === 'bigint' ? String(part) : part,
    ),
  );
