import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tool } from '../report/json';

/** This program as it names itself; src/cli and dist/cli are equally far from package.json. */
export const tool: Tool = {
  name: 'sequelize-fk-guard',
  version: versionOf(join(__dirname, '..', '..', 'package.json')),
};

function versionOf(manifest: string): string {
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
