import { readFileSync, readdirSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { determineHitLimitReached, toMutantRunResult } from '@stryker-mutator/api/test-runner';

/**
 * Runs the pure tests within Stryker's own process. Jest takes about a second to begin, three thousand times; without
 * a server, hooks or timers a mutant is met within milliseconds. The tests are jest's, and run in `npm test` too.
 */
export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'pure', () => new PureRunner())];

const require = createRequire(import.meta.url);
const SUITES = ['test/mutation', 'test/pure'];

class PureRunner {
  #context = (globalThis.__stryker__ ??= {});
  #tests = [];

  capabilities = () => ({ reloadEnvironment: true });

  init() {
    compileTypeScript();
    return Promise.resolve();
  }

  async dryRun() {
    this.#context.activeMutant = undefined;
    this.#tests = load();
    const result = await run(this.#tests, this.#context, true);
    return { ...result, mutantCoverage: this.#context.mutantCoverage };
  }

  /** What is computed while a file is loaded needs the files anew, before and after. */
  async mutantRun({ activeMutant, testFilter, hitLimit, reloadEnvironment, mutantActivation, disableBail }) {
    const activate = () =>
      Object.assign(this.#context, {
        activeMutant: activeMutant.id,
        hitCount: hitLimit === undefined ? undefined : 0,
        hitLimit,
      });
    const reload = reloadEnvironment || this.#tests.length === 0;
    let result;
    try {
      if (mutantActivation === 'static') activate();
      if (reload) this.#tests = load();
      activate();
      const filter = testFilter && new Set(testFilter);
      const chosen = filter ? this.#tests.filter(({ id }) => filter.has(id)) : this.#tests;
      result = await run(chosen, this.#context, disableBail);
    } catch (error) {
      // Files that cannot be loaded any more are noticed by whoever loads them.
      result = { status: 'complete', tests: [failed({ id: 'loading', name: 'loading' }, error)] };
    }
    const { hitCount } = this.#context;
    this.#context.activeMutant = undefined;
    if (reloadEnvironment) this.#tests = [];
    return toMutantRunResult(determineHitLimitReached(hitCount, hitLimit) ?? result, disableBail);
  }
}

async function run(tests, context, disableBail) {
  const results = [];
  for (const { id, name, fileName, work } of tests) {
    context.currentTestId = id;
    const started = performance.now();
    const result = await outcomeOf({ id, name, fileName }, work);
    results.push({ ...result, timeSpentMs: performance.now() - started });
    if (result.status === FAILED && !disableBail) break;
  }
  context.currentTestId = undefined;
  return { status: 'complete', tests: results };
}

const [PASSED, FAILED] = [0, 1];

async function outcomeOf(test, work) {
  try {
    await work();
    return { ...test, status: PASSED, timeSpentMs: 0 };
  } catch (error) {
    return failed(test, error);
  }
}

const failed = (test, error) => ({
  ...test,
  status: FAILED,
  timeSpentMs: 0,
  failureMessage: String(error?.message ?? error),
});

/** Loads the suites anew, under jest's own `describe` and `it`, and gives their tests. */
function load() {
  const root = process.cwd();
  for (const file of Object.keys(require.cache))
    if (file.startsWith(root) && !file.includes('node_modules')) delete require.cache[file];
  const { describe, it, test, getState, resetState } = require('jest-circus');
  const { expect } = require('expect');
  Object.assign(globalThis, { describe, it, test, expect });
  return SUITES.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((file) => file.endsWith('.test.ts'))
      .sort()
      .flatMap((file) => {
        const fileName = join(root, folder, file);
        resetState();
        require(fileName);
        return testsOf(getState().rootDescribeBlock, `${folder}/${file}`, fileName);
      }),
  );
}

const testsOf = (block, path, fileName) =>
  block.children.flatMap((child) => {
    const name = `${path} ${child.name}`;
    return child.type === 'describeBlock'
      ? testsOf(child, name, fileName)
      : [{ id: name, name, fileName, work: child.fn }];
  });

/** Types are only taken off; each text is compiled once. */
function compileTypeScript() {
  const { ModuleKind, ScriptTarget, transpileModule } = require('typescript');
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2023, esModuleInterop: true };
  const compiled = new Map();
  Module._extensions['.ts'] = (module, fileName) => {
    const code =
      compiled.get(fileName) ??
      transpileModule(readFileSync(fileName, 'utf8'), { compilerOptions, fileName }).outputText;
    compiled.set(fileName, code);
    module._compile(code, fileName);
  };
}
