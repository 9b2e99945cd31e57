import { join } from 'node:path';
import { CONFIG_NAMES, findConfig } from '../../src/cli/find-config';
import { createProject, type Project } from './program';
import { thrown } from './thrown';

let project: Project;
beforeEach(() => {
  project = createProject();
});
afterEach(() => project.remove());

const found = (from = '.', named?: string) => findConfig(join(project.directory, from), named);
const at = (path: string) => ({
  path: join(project.directory, path),
  inPackageJson: path.endsWith('package.json'),
});

describe('findConfig', () => {
  it('knows seven names', () => {
    expect(CONFIG_NAMES.map((name) => name.replace('fk-guard.config.', ''))).toEqual([
      'ts',
      'mts',
      'cts',
      'js',
      'mjs',
      'cjs',
      'json',
    ]);
  });

  it.each(['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json'])('finds fk-guard.config.%s', (extension) => {
    project.write({ [`fk-guard.config.${extension}`]: '' });
    expect(found()).toEqual(at(`fk-guard.config.${extension}`));
  });

  it('looks upwards as far as the package.json', () => {
    project.write({
      'fk-guard.config.js': '',
      'a/b/file': '',
      'own/package.json': '{}',
      'own/deep/file': '',
    });
    expect(found('a/b')).toEqual(at('fk-guard.config.js'));
    expect(found('own/deep')).toBeUndefined();
  });

  it('takes the key fkGuard of that package.json, after a file beside it', () => {
    project.write({ 'package.json': '{"fkGuard":{"url":"postgres://h/d"}}' });
    expect(found()).toEqual(at('package.json'));
    project.write({ 'fk-guard.config.cjs': '' });
    expect(found()).toEqual(at('fk-guard.config.cjs'));
  });

  it('takes what --config names, whatever its name', () => {
    project.write({ 'fk-guard.config.js': '', 'models/index.js': '' });
    expect(found('.', 'models/index.js')).toEqual(at('models/index.js'));
    expect(found('.', 'package.json')).toEqual(at('package.json'));
  });

  it('says when --config names nothing', () => {
    expect(thrown(() => found('.', 'nope.ts'))).toMatchObject({
      code: 'CONFIG',
      message: `There is no configuration file ${at('nope.ts').path}.`,
    });
  });

  it('finds nothing where there is nothing', () => {
    expect(found()).toBeUndefined();
  });
});
