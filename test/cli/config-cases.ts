import { join } from 'node:path';
import { createProject, runScript } from './program';

/** A project with a configuration, and how the program is told to load it. */
export interface ConfigCase {
  readonly files: Readonly<Record<string, string>>;
  readonly config?: string;
  readonly hooks?: readonly string[];
}

/** What the program understands of each configuration; one process for all, because a process is slow to start. */
export async function understoodBy<Name extends string>(
  cases: Readonly<Record<Name, ConfigCase>>,
): Promise<Record<Name, unknown>> {
  const names = Object.keys(cases) as Name[];
  const projects = names.map((name) => createProject(cases[name].files));
  try {
    const wanted = names.map((name, index) => ({
      cwd: projects[index]?.directory,
      config: cases[name].config,
      hooks: cases[name].hooks,
    }));
    const { out, err } = await runScript(join(__dirname, 'print-config.cjs'), [JSON.stringify(wanted)], {
      cwd: __dirname,
    });
    if (err !== '') throw new Error(err);
    const understood = JSON.parse(out) as unknown[];
    return Object.fromEntries(names.map((name, index) => [name, understood[index]])) as Record<Name, unknown>;
  } finally {
    for (const project of projects) project.remove();
  }
}

const define = `const sequelize = new Sequelize('postgres://h/d', { logging: false });
sequelize.define('User', {});
`;

/** An instance with one model, to which a test adds its exports. */
export const commonJs = `const { Sequelize } = require('sequelize');\n${define}`;
export const ecmaScript = `import { Sequelize } from 'sequelize';\nexport ${define}`;

/** What the program shall make of them. */
export const users = { sequelize: { models: ['User'], own: true } };
