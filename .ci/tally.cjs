/** Prints `passed failed` from jest's JSON result and exit status. */
const [file, status] = process.argv.slice(2);
const result = require(file);

const skipped = result.numPendingTests + result.numTodoTests;
const failed = result.numFailedTests + result.numRuntimeErrorTestSuites + skipped;
const silentFailure = failed === 0 && (status !== '0' || result.numTotalTests === 0) ? 1 : 0;

console.log(result.numPassedTests, failed + silentFailure);
