import { Option } from 'commander';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { paragraph } from '../../report/layout';
import { visible } from '../../visible';
import type { Command, Result } from '../command';
import { EXIT } from '../exit-codes';
import { outputFlags } from '../flags';
import { detectProject, type Project } from '../init/detect';
import { wishesFor, type Wish } from '../init/wishes';
import { assertWritable, SHARED, writeResultFile } from '../result-file';

/** `fk-guard init`: what a project needs, written once and never over what somebody has written. */
export const init: Command = {
  name: 'init',
  define(parser) {
    outputFlags(
      parser
        .description('write fk-guard.config.* and add the script migrate:fix-fk to package.json')
        .optionsGroup('What:')
        .option('--ci', 'also a workflow for GitHub Actions')
        .addOption(new Option('--force', 'write over what is there'))
        .option('--dry-run', 'show what would be written and stop'),
    );
  },
  async alone({ flags, io }) {
    const project = detectProject(io.cwd);
    const wishes = wishesFor(project, { ci: flags.ci ?? false, force: flags.force ?? false });
    const due = wishes.filter(({ text }) => text !== undefined);
    if (!flags.dryRun) write(project, due);
    return initResult(project, wishes, flags.dryRun ?? false);
  },
};

/** All can be written, or nothing is. */
function write({ directory }: Project, due: readonly Wish[]): void {
  const files = due.map((wish) => ({ ...wish, path: join(directory, wish.file) }));
  for (const { path } of files) {
    mkdirSync(dirname(path), { recursive: true });
    assertWritable(path);
  }
  for (const { path, text = '' } of files) writeResultFile(path, text, SHARED);
}

function initResult(project: Project, wishes: readonly Wish[], dryRun: boolean): Result {
  const found = FOUND.flatMap(([name, label]) => (project.uses[name] ? [label] : []));
  const done = dryRun ? 'would write' : 'wrote';
  return {
    exitCode: EXIT.ok,
    body: {
      summary: { dryRun, found: project.uses, instance: project.instance ?? null },
      files: wishes.map(({ file, what, text }) => ({ file, what, written: !dryRun && text !== undefined })),
    },
    text: (paint) =>
      `${[
        `Found: ${found.length > 0 ? found.join(', ') : 'JavaScript with Sequelize'}.`,
        ...wishes.map(({ file, what, text }) =>
          paragraph('  ', visible(`${text === undefined ? 'left' : done} ${file}: ${what}`), paint),
        ),
        '',
        'Next:',
        ...nextSteps(project, wishes).map((step, i) => paragraph(`  ${i + 1}. `, step, paint)),
      ].join('\n')}\n`,
  };
}

const FOUND = [
  ['typescript', 'TypeScript'],
  ['sequelizeCli', 'Sequelize CLI'],
  ['sequelizeTypescript', 'sequelize-typescript'],
  ['nest', 'NestJS'],
] as const;

const nextSteps = ({ instance, classes }: Project, [config]: readonly Wish[]): readonly string[] => [
  ...(instance === undefined && classes.length === 0 && config?.text !== undefined
    ? [`Write into ${config.file} where your Sequelize instance is; none was found.`]
    : []),
  'npx fk-guard check      looks, and writes nothing',
  'npx fk-guard plan       shows what a repair would do',
  'npm run migrate:fix-fk  repairs without asking: it is its own consent to remove orphans, each with a copy',
];
