import { basename, dirname } from 'node:path';
import { imports, moduleOf, within, type Rule } from './rule';
import type { SourceFile } from './source-file';

/** Pure parts, all the way down: what they import at run time has to be in this list as well. */
const PURE =
  /^src\/(schema|expected|catalog\/catalog|snapshot|mismatch|column-type|diagnose|plan|finding|outcome|quarantine-outcome|names|rights|group-by|counted|visible|own|delete-action|causes|policy\/(wanted|parent-key|verdict|breaker|judge|conversion|beside-obstacle|type-neighbours|type-obstacle|strategy|refused|reach|row-movement|unfenced|partition-tree|shared-columns|in-doubt|parents-elsewhere|polymorphic|user-triggers)|(pairing|repair|problems|changes|report(\/html)?)(\/[\w-]+)?)$/;
const GRAPHS = within('@dagrejs/graphlib', '@dagrejs/dagre');
const STATEMENT = /^src\/changes\/([\w-]+-)?statement$/;
const SQL_TEXT =
  /^\s*(select\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|alter\s+table\s|create\s+(unique\s+)?(index|table|schema)\s|drop\s+(table|constraint|index)\s|lock\s+table\s|with\s+\w+\s+as\s)/;

const isPure = (file: SourceFile): boolean => PURE.test(moduleOf(file));

const isApply = within('src/apply', 'src/execution');
const outsideCli = (module: string): boolean => within('src')(module) && !within('src/cli')(module);

export const rules: readonly Rule[] = [
  imports(
    'pure parts use pure parts only',
    (module) => PURE.test(module),
    (target, from) =>
      !PURE.test(target) && !GRAPHS(target) && !(target === 'src/sql' && STATEMENT.test(from)),
    { path: 'src/problems/wrong.ts', text: `import { readCatalog } from '../catalog/read';` },
  ),
  {
    title: 'pure parts are not async',
    broken: { path: 'src/plan.ts', text: `export const plan = async () => 1;` },
    check: (file) =>
      isPure(file) && (file.names.has('async') || file.names.has('Promise'))
        ? ['is asynchronous, and yet a pure part']
        : [],
  },
  {
    title: 'pure parts hold no SQL, except changes/*statement.ts',
    broken: { path: 'src/report/wrong.ts', text: 'export const text = `alter table ${1} drop`;' },
    check: (file) =>
      isPure(file) && !STATEMENT.test(moduleOf(file))
        ? file.literals.filter((text) => SQL_TEXT.test(text)).map((text) => `holds SQL: ${text}`)
        : [],
  },
  imports(
    'problems do not know each other',
    (module) => within('src/problems')(module) && !/\/(index|problem)$/.test(module),
    (target) => within('src/problems')(target) && target !== 'src/problems/problem',
    { path: 'src/problems/wrong-target.ts', text: `import type { Facts } from './missing-table';` },
    'types count',
  ),
  imports(
    'the catalog does not know models',
    within('src/catalog'),
    within('src/model', 'src/apply', 'src/install'),
    { path: 'src/catalog/wrong.ts', text: `import type { ModelLike } from '../model/sequelize-like';` },
    'types count',
  ),
  imports(
    'models do not know PostgreSQL',
    within('src/model'),
    within('src/catalog', 'src/db', 'src/sql', 'src/changes'),
    { path: 'src/model/wrong.ts', text: `import type { Row } from '../catalog/row';` },
    'types count',
  ),
  imports('sequelize and pg stay out of model/ at run time', within('src/model'), within('sequelize', 'pg'), {
    path: 'src/model/wrong.ts',
    text: `import { Model } from 'sequelize';`,
  }),
  {
    title: 'models are told by shape',
    broken: {
      path: 'src/model/wrong.ts',
      text: `export const isModel = (x: unknown) => x instanceof Function;`,
    },
    check: (file) =>
      within('src/model')(file.path) && file.names.has('instanceof')
        ? ['uses instanceof: applications carry nested copies of Sequelize']
        : [],
  },
  {
    title: 'apply decides nothing',
    broken: {
      path: 'src/apply.ts',
      text: `export const run = (change: { op: string }) => change.op === 'add-foreign-key';`,
    },
    check: (file) =>
      isApply(moduleOf(file)) && file.properties.has('op') ? ['looks at what a change is'] : [],
  },
  imports(
    'nobody imports the command line',
    (module) => !within('src/cli', 'test')(module),
    within('src/cli'),
    { path: 'src/guard.ts', text: `import type { Io } from './cli/io';` },
    'types count',
  ),
  {
    title: 'the library touches neither console nor process, except in host.ts',
    broken: { path: 'src/guard.ts', text: `export const mode = process.env['FK_GUARD_MODE'];` },
    check: (file) =>
      outsideCli(moduleOf(file)) && moduleOf(file) !== 'src/host'
        ? ['console', 'process'].filter((name) => file.names.has(name)).map((name) => `touches ${name}`)
        : [],
  },
  imports(
    'nor by the back door',
    outsideCli,
    (target) => /^(node:)?(process|console|readline.*|child_process)$/.test(target),
    { path: 'src/guard.ts', text: `import { env } from 'node:process';` },
  ),
  imports(
    'applications use the public interface',
    within('app', 'models', 'migrations', 'examples', 'bench'),
    (target) => within('src', 'dist', 'build')(target) || target.startsWith('sequelize-fk-guard/'),
    { path: 'app/wrong.ts', text: `import { plan } from '../src/plan';` },
    'types count',
  ),
  imports(
    'prom-client is loaded by its own entry only',
    (module) => within('src')(module) && module !== 'src/prometheus',
    within('prom-client', 'src/prometheus'),
    { path: 'src/index.ts', text: `export { collectFkGuardMetrics } from './prometheus';` },
  ),
  imports(
    'a start that finds everything in order loads nothing that repairs',
    within('src/verbs', 'src/examine', 'src/sync/guarded-sync', 'src/sync/settle', 'src/tenants/after-sync'),
    within(
      'src/apply',
      'src/execution/carry-out',
      'src/execution/runner',
      'src/sync/finish',
      'src/sync/rehearse',
    ),
    { path: 'src/sync/settle.ts', text: `import { carryOut } from '../execution/carry-out';` },
  ),
  {
    title: 'files of src have at most 150 lines',
    broken: { path: 'src/long.ts', text: '\n'.repeat(151) },
    check: (file) => {
      const lines = file.text.replace(/\n$/, '').split('\n').length;
      return within('src')(file.path) && lines > 150 ? [`has ${lines} lines`] : [];
    },
  },
  {
    title: 'a file is named after its idea',
    broken: { path: 'src/report/utils.ts', text: '' },
    check: (file) =>
      /^(utils?|helpers?|types?|common|misc)\./.test(basename(file.path)) ? ['says nothing by its name'] : [],
  },
  {
    title: 'a folder of src holds at least two files',
    broken: { path: 'src/lonely/one.ts', text: '' },
    check: (file, tree) => {
      const folder = `${dirname(file.path)}/`;
      return folder.startsWith('src/') && tree.filter(({ path }) => path.startsWith(folder)).length < 2
        ? [`is alone in ${folder}`]
        : [];
    },
  },
];
