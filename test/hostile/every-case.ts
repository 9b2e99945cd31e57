import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ProblemCase } from '../problem-tester/case';

const FOLDER = resolve(__dirname, '..', 'problems');

/**
 * Every case of the problem tester, or those of some files, in the order of the files. They register their tests while
 * they are loaded; here they are only listened to, which works once.
 */
export function everyCase(files: readonly string[] = ['']): readonly ProblemCase[] {
  const cases: ProblemCase[] = [];
  jest.doMock('../problem-tester', () => ({
    problemTest: (problem: ProblemCase) => void cases.push(problem),
  }));
  const silenced = silence();
  try {
    for (const path of readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).toSorted())
      if (path.endsWith('.test.ts') && files.some((file) => path.startsWith(file)))
        jest.requireActual(join(FOLDER, path));
  } finally {
    Object.assign(globalThis, silenced);
    jest.dontMock('../problem-tester');
  }
  return cases;
}

/** Tests that such a file has beside its cases are run where it stands. */
function silence(): object {
  const { describe, test, it, beforeAll, afterAll, beforeEach, afterEach } = globalThis;
  const nothing = Object.assign(() => undefined, { each: () => () => undefined });
  const silent = { describe: nothing, test: nothing, it: nothing };
  const hooks = { beforeAll: nothing, afterAll: nothing, beforeEach: nothing, afterEach: nothing };
  Object.assign(globalThis, silent, hooks);
  return { describe, test, it, beforeAll, afterAll, beforeEach, afterEach };
}
