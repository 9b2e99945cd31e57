/** Prints `passed failed` from jest's JSON result and exit status. */
const { existsSync, readFileSync } = require('node:fs');

const [file, status] = process.argv.slice(2);
// Without a result jest has not even started, which the status tells.
const nothing = {
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
  numTotalTests: 0,
};
const result = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : nothing;

const skipped = result.numPendingTests + result.numTodoTests;
const failed = result.numFailedTests + result.numRuntimeErrorTestSuites + skipped;
const silentFailure = failed === 0 && (status !== '0' || result.numTotalTests === 0) ? 1 : 0;

console.log(result.numPassedTests, failed + silentFailure);
