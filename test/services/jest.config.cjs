const root = require('../../jest.config.cjs');

/** What needs more than npm can install (PgBouncer, psql and PostgreSQL of Debian), and what takes its time: pm2, outages. */
/** @type {import('jest').Config} */
module.exports = {
  ...root,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/services/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
