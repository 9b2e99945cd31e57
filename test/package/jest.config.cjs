const root = require('../../jest.config.cjs');

/** The package as npm delivers it: packed, installed into empty projects, and used there. Needs the registry. */
/** @type {import('jest').Config} */
module.exports = {
  ...root,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/package/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 300_000,
};
