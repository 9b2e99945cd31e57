const root = require('../../jest.config.cjs');

/** What needs more than npm can install: PgBouncer and PostgreSQL of Debian. */
/** @type {import('jest').Config} */
module.exports = {
  ...root,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/services/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
