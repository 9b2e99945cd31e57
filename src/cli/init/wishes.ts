import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_NAMES, parseJsonFile, readConfigFile } from '../find-config';
import { configName, configText } from './config-text';
import type { Project } from './detect';
import { SCRIPT, SCRIPT_TEXT, withScript } from './package-script';
import { WORKFLOW, workflowText } from './workflow';

/** A file that `init` is about, relative to the package; without a text it stays as it is. */
export interface Wish {
  readonly file: string;
  /** What is written, or why nothing is. */
  readonly what: string;
  readonly text?: string;
}

/** What is asked for. */
export interface Asked {
  readonly ci: boolean;
  readonly force: boolean;
}

/** Everything that `init` would write; what is there already is left, so that a second run changes nothing. */
export const wishesFor = (project: Project, asked: Asked): readonly Wish[] => [
  configWish(project, asked),
  scriptWish(project, asked),
  ...(asked.ci
    ? [fileWish(project, WORKFLOW, workflowText(project.uses.sequelizeCli), 'a check', asked)]
    : []),
];

function configWish(project: Project, asked: Asked): Wish {
  const name = configName(project);
  const other = CONFIG_NAMES.find((one) => one !== name && existsSync(join(project.directory, one)));
  // Two of them would leave it open which one counts.
  if (other !== undefined) return { file: other, what: 'it is the configuration' };
  if (Object.hasOwn(parseJsonFile(project.manifest), 'fkGuard'))
    return { file: 'package.json', what: 'its "fkGuard" is the configuration' };
  return fileWish(project, name, configText(project), 'the configuration', asked);
}

function fileWish({ directory }: Project, file: string, text: string, what: string, { force }: Asked): Wish {
  const path = join(directory, file);
  if (!existsSync(path)) return { file, what, text };
  if (readConfigFile(path) === text) return { file, what: 'it is as it should be' };
  return force ? { file, what, text } : { file, what: 'it is there already; --force writes over it' };
}

function scriptWish({ manifest }: Project, { force }: Asked): Wish {
  const file = 'package.json';
  const scripts = Object(parseJsonFile(manifest)['scripts']) as Readonly<Record<string, unknown>>;
  const now = scripts[SCRIPT];
  if (now === SCRIPT_TEXT) return { file, what: `it has the script ${SCRIPT}` };
  if (now !== undefined && !force)
    return { file, what: `its script ${SCRIPT} does something else; --force writes over it` };
  return { file, what: `the script ${SCRIPT}`, text: withScript(readConfigFile(manifest)) };
}
