const root = require('../../jest.config.cjs');

/** Everything that a server's version could make a difference to. */
const DATABASE_TESTS = [
  'catalog',
  'concurrency',
  'conversion',
  'false-orphans',
  'generator',
  'install',
  'problems',
  'quarantine',
  'runtime',
  'script',
  'status',
  'stories',
  'tenants',
];

/** @type {import('jest').Config} */
module.exports = {
  ...root,
  rootDir: '../..',
  testMatch: [
    ...DATABASE_TESTS.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
    '<rootDir>/test/postgres/dump.test.ts',
    '<rootDir>/test/truth-table.test.ts',
  ],
  testPathIgnorePatterns: ['/node_modules/'],
};
