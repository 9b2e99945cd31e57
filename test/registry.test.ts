import { problems } from '../src/problems';
import { sourceFiles } from './architecture/source-file';

/** The kinds, the problem files and the test files have to be the same list, in three places. */
function disagreements(
  registered: readonly string[],
  sources: readonly string[],
  tests: readonly string[],
): string[] {
  const defined = namesIn(sources, /^src\/problems\/([\w-]+)\.ts$/).filter(
    (name) => name !== 'problem' && name !== 'index',
  );
  const tested = namesIn(tests, /^test\/problems\/([\w-]+)\.test\.ts$/);
  return [
    ...registered
      .filter((kind, i) => registered.indexOf(kind) !== i)
      .map((kind) => `${kind} is registered twice`),
    ...registered.filter((kind) => !defined.includes(kind)).map((kind) => `${kind} has no file of its name`),
    ...defined
      .filter((name) => !registered.includes(name))
      .map((name) => `${name}.ts is not registered under its name`),
    ...registered.filter((kind) => !tested.includes(kind)).map((kind) => `${kind} has no test`),
    ...tested
      .filter((name) => !registered.includes(name))
      .map((name) => `${name}.test.ts tests no registered kind`),
  ];
}

const namesIn = (paths: readonly string[], pattern: RegExp): string[] =>
  paths.flatMap((path) => pattern.exec(path)?.[1] ?? []);
const pathsOf = (folder: string): string[] => sourceFiles(folder).map(({ path }) => path);

describe('the registry of problems', () => {
  it('holds every problem file once, under its file name, with a test', () => {
    expect(problems.length).toBeGreaterThan(10);
    expect(
      disagreements(
        problems.map(({ kind }) => kind),
        pathsOf('src/problems'),
        pathsOf('test/problems'),
      ),
    ).toEqual([]);
  });

  it('has a good case of every kind, in which it must stay silent', () => {
    const texts = new Map(sourceFiles('test/problems').map(({ path, text }) => [path, text]));
    const loud = problems.filter(
      ({ kind }) => !/title:\s*[`'"]silence: /.test(texts.get(`test/problems/${kind}.test.ts`) ?? ''),
    );
    expect(loud.map(({ kind }) => kind)).toEqual([]);
  });

  const files = [
    'src/problems/index.ts',
    'src/problems/problem.ts',
    'src/problems/a.ts',
    'src/problems/b.ts',
  ];
  const tests = ['test/problems/a.test.ts', 'test/problems/b.test.ts'];

  it.each([
    ['nothing is wrong', ['a', 'b'], files, tests, []],
    [
      'a file is not registered',
      ['a'],
      files,
      ['test/problems/a.test.ts'],
      ['b.ts is not registered under its name'],
    ],
    [
      'a kind differs from its file name',
      ['a', 'c'],
      files,
      ['test/problems/a.test.ts', 'test/problems/c.test.ts'],
      ['c has no file of its name', 'b.ts is not registered under its name'],
    ],
    ['a kind stands twice', ['a', 'b', 'b'], files, tests, ['b is registered twice']],
    ['a test is missing', ['a', 'b'], files, ['test/problems/a.test.ts'], ['b has no test']],
    [
      'a test is left over',
      ['a', 'b'],
      files,
      [...tests, 'test/problems/c.test.ts'],
      ['c.test.ts tests no registered kind'],
    ],
  ])('would say so when %s', (_, registered, sources, testFiles, expected) => {
    expect(disagreements(registered, sources, testFiles)).toEqual(expected);
  });
});
