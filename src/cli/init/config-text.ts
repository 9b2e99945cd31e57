import { extname, relative, sep } from 'node:path';
import type { Project } from './detect';

/** The name of the configuration, in the language of the project. */
export const configName = ({ uses, instance }: Project): string =>
  `fk-guard.config.${uses.typescript && !/\.[cm]?js$/.test(instance ?? '.ts') ? 'ts' : 'js'}`;

/** The configuration that `init` writes. */
export function configText(project: Project): string {
  if (project.classes.length > 0) return ofClasses(project);
  const from = pathOf(project, project.instance ?? `${project.directory}/models`);
  const note =
    project.instance === undefined ? '// Correct the path: it has to export your Sequelize instance.\n' : '';
  const asModule = configName(project).endsWith('.ts') || project.isModule;
  return asModule ? moduleText(project, note, from) : commonJsText(note, from);
}

const OPTIONS = `{
    // Whose ON DELETE is enforced: 'explicit', 'models' or 'CASCADE'.
    onDelete: 'explicit',
  }`;

const commonJsText = (note: string, from: string): string => `${note}const { sequelize } = require('${from}');

module.exports = {
  sequelize,
  options: ${OPTIONS},
};
`;

/** A CommonJS module that is imported has one sure export, its default. */
function moduleText({ isModule, instance = '' }: Project, note: string, from: string): string {
  const bare = isModule && extname(instance) === '.cjs';
  const head = bare
    ? `import models from '${from}';\n\nconst { sequelize } = models;`
    : `import { sequelize } from '${from}';`;
  return `${note}${head}

export default {
  sequelize,
  options: ${OPTIONS},
};
`;
}

/** An instance of its own: that of the application may call sync() while it is made. */
function ofClasses(project: Project): string {
  const { classes } = project;
  const imports = classes.map(({ name, file }) => `import { ${name} } from '${pathOf(project, file)}';`);
  return `import 'reflect-metadata';
import { Sequelize } from 'sequelize-typescript';
${imports.join('\n')}

const sequelize = new Sequelize(process.env.DATABASE_URL ?? 'postgres://localhost/postgres', {
  dialect: 'postgres',
  logging: false,
  models: [${classes.map(({ name }) => name).join(', ')}],
});

export default {
  sequelize,
  options: ${OPTIONS},
};
`;
}

/** `./src/models/index.js` where Node wants the extension, `./src/models` where it does not. */
function pathOf({ directory, isModule }: Project, file: string): string {
  const way = `./${relative(directory, file).split(sep).join('/')}`;
  if (/\.[cm]js$/.test(way) || (isModule && way.endsWith('.js'))) return way;
  return way.replace(/\.[cm]?[jt]s$/, '').replace(/\/index$/, '');
}
