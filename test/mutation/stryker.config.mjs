/**
 * Mutation testing of the pure core; see docs/mutation.md.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  mutate: [
    'src/problems/*.ts',
    'src/plan.ts',
    'src/changes/*.ts',
    'src/snapshot.ts',
    'src/pairing/*.ts',
    // Of the quarantine, what asks no server.
    'src/quarantine/{batch-stops,conversion-copy,purge-options,purgeable,row-text}.ts',
    'src/quarantine/restore/{find-row,reason}.ts',
    'src/quarantine/layout.ts:18-28',
    'src/quarantine/watch.ts:25-61',
  ],
  plugins: ['@stryker-mutator/*', new URL('runner.mjs', import.meta.url).href],
  testRunner: 'pure',
  coverageAnalysis: 'perTest',
  concurrency: 2,
  reporters: ['clear-text', 'json', 'html', 'progress-append-only'],
  clearTextReporter: { logTests: false, allowColor: false, reportTests: false },
  jsonReporter: { fileName: 'reports/mutation/mutation.json' },
  htmlReporter: { fileName: 'reports/mutation/mutation.html' },
  tempDirName: '.stryker-tmp',
  ignorePatterns: ['test/matrix/node_modules', 'dist'],
  thresholds: { high: 95, low: 90, break: 90 },
  timeoutMS: 20_000,
};
