import { dirname, extname, relative, sep } from 'node:path';
import type { Plan } from '../outcome';
import { count } from '../report/layout';
import { visible } from '../visible';
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
  // Written so that Node sees the names of a CommonJS module that is imported.
  const exported =
    language === 'commonjs'
      ? `const { up, down } = ${call}\n\nmodule.exports = { up, down };`
      : `export const { up, down } = ${call}`;
  return `${[...parts, exported].join('\n\n')}\n`;
}

/** JSON is JavaScript; signs that an editor would not show, or would turn the line around with, are written as escapes. */
const literal = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(
    /[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

function summary({ database, steps, refusals }: Plan): string {
  const lines = [
    `The plan of fk-guard for the database ${database.name}.`,
    '`up` applies exactly this plan, or refuses when schema or data have moved since; `down` takes back keys, never rows.',
    'The plan is sealed: one that is edited is refused.',
    '',
    ...steps.map(({ title, rows }, i) => `${i + 1}. ${title}${rows > 0 ? ` (${count(rows, 'row')})` : ''}`),
    ...(refusals.length > 0
      ? ['', `Left as it is: ${count(refusals.length, 'refusal')}, each for want of a decision.`]
      : []),
  ];
  const safe = lines.map((line) => visible(line).replace(/\*\//g, '*\\/').replace(/\s+/g, ' '));
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
