import { dirname, extname, relative, sep } from 'node:path';
import type { Plan } from '../outcome';
import type { MigrationPlace } from './migration-place';
import { packageType } from './package-type';

/** What a migration carries. */
export interface Carried extends MigrationPlace {
  /** The configuration, or the module of the models. */
  readonly config: string;
  readonly plan: Plan;
  /** What flags have said. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** The migration as a file that a person reviews: what it does in words, then the plan itself. */
export function migrationText({ file, name, language, config, plan, options }: Carried): string {
  const call = [
    'fkGuardMigration({',
    `  name: ${JSON.stringify(name)},`,
    `  config: () => import(${JSON.stringify(wayTo(config, file))}),`,
    ...Object.entries(options).map(([option, value]) => `  ${option}: ${literal(value)},`),
    `  plan: ${language === 'typescript' ? 'JSON.stringify(plan)' : 'plan'},`,
    '});',
  ].join('\n');
  const body = `const plan = ${literal(plan)};`;
  const parts =
    language === 'commonjs'
      ? ["'use strict';", `const { fkGuardMigration } = require('sequelize-fk-guard');`, summary(plan), body]
      : [`import { fkGuardMigration } from 'sequelize-fk-guard';`, summary(plan), body];
  const exported =
    language === 'commonjs' ? `module.exports = ${call}` : `export const { up, down } = ${call}`;
  return `${[...parts, exported].join('\n\n')}\n`;
}

/** JSON is JavaScript but for two signs that end a line in old engines. */
const literal = (value: unknown): string =>
  JSON.stringify(value, null, 2)
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');

function summary({ database, steps, refusals }: Plan): string {
  const lines = [
    `The plan of fk-guard for the database ${database.name}, as it was reviewed. \`up\` applies exactly this plan, or`,
    'refuses when schema or data have moved since; `down` takes back keys, never rows. Do not edit it: it is sealed.',
    '',
    ...steps.map(({ title, rows }, i) => `${i + 1}. ${title}${rows > 0 ? ` (${rows} rows)` : ''}`),
    ...(refusals.length > 0
      ? ['', `Left as it is: ${refusals.length} findings that wait for a decision.`]
      : []),
  ];
  const safe = lines.map((line) => line.replace(/\*\//g, '*\\/').replace(/\s+/g, ' '));
  return `/**\n${safe.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n */`;
}

/** As an import needs it; TypeScript names the file without its extension, or as it is after the build. */
function wayTo(config: string, file: string): string {
  const way = relative(dirname(file), config).split(sep).join('/');
  const path = way.startsWith('.') ? way : `./${way}`;
  const extension = extname(path);
  if (!/^\.[cm]?ts$/.test(extension)) return path;
  const bare = path.slice(0, -extension.length);
  if (extension !== '.ts') return bare + extension.replace('ts', 'js');
  return packageType(dirname(config)) === 'module' ? `${bare}.js` : bare;
}
