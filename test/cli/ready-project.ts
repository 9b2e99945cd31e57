import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createProject, type Project } from './program';

const root = resolve(__dirname, '..', '..');
const PACKAGES = [
  'pg',
  'reflect-metadata',
  'sequelize',
  'sequelize-cli',
  'sequelize-typescript',
  'typescript',
  'umzug',
];

/** A project that has installed this package too, as it was built. */
export function createReadyProject(files: Readonly<Record<string, string>> = {}): Project {
  const project = createProject(files);
  const modules = join(project.directory, 'node_modules');
  rmSync(modules);
  mkdirSync(modules);
  for (const name of PACKAGES) symlinkSync(join(root, 'node_modules', name), join(modules, name));
  symlinkSync(root, join(modules, 'sequelize-fk-guard'));
  return project;
}
