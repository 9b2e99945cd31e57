import { violations } from './architecture/rule';
import { rules } from './architecture/rules';
import { parse, sourceFiles } from './architecture/source-file';

describe('who may do what', () => {
  const tree = sourceFiles('src', 'app', 'models', 'migrations', 'test');

  it('sees the project', () => {
    const paths = tree.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['src/index.ts', 'src/problems/problem.ts', 'test/architecture.test.ts']),
    );
    expect(tree.find(({ path }) => path === 'src/index.ts')?.imports).toContainEqual({
      target: 'src/errors',
      typeOnly: false,
    });
  });

  it('is kept', () => {
    expect(violations(rules, tree)).toEqual([]);
  });

  it('the entry point of the library loads nothing that only the command line needs', () => {
    const loaded = new Set<string>();
    const load = (module: string): void => {
      if (loaded.has(module)) return;
      loaded.add(module);
      const file = tree.find(({ path }) => path === `${module}.ts` || path === `${module}/index.ts`);
      for (const { target, typeOnly } of file?.imports ?? []) if (!typeOnly) load(target);
    };
    load('src/index');
    expect([...loaded]).toEqual(expect.arrayContaining(['src/plan', '@dagrejs/graphlib', 'valibot']));
    for (const needless of ['commander', 'jiti', '@dagrejs/dagre'])
      expect([...loaded]).not.toContain(needless);
  });

  it.each(rules)('is guarded: $title', (rule) => {
    expect(violations([rule], [parse(rule.broken)])).toEqual([expect.stringContaining(rule.broken.path)]);
  });
});

describe('reading imports', () => {
  const importsOf = (text: string): unknown => parse({ path: 'src/report/text.ts', text }).imports;

  it.each([
    [`import { a } from '../schema'`, 'src/schema', false],
    [`import type { A } from '../schema'`, 'src/schema', true],
    [`import { type A, type B } from './a'`, 'src/report/a', true],
    [`import { type A, b } from './a'`, 'src/report/a', false],
    [`import './a.js'`, 'src/report/a', false],
    [`export { a } from '../db'`, 'src/db', false],
    [`export type { A } from '../db'`, 'src/db', true],
    [`export * from '../db'`, 'src/db', false],
    [`const a = await import('pg')`, 'pg', false],
    [`const a = require('pg')`, 'pg', false],
    [`type A = import('pg').Client`, 'pg', true],
  ])('%s', (text, target, typeOnly) => {
    expect(importsOf(text)).toEqual([{ target, typeOnly }]);
  });
});
