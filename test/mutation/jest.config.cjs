const { transform, moduleNameMapper } = require('../../jest.config.cjs');

/**
 * The suite that each mutant meets: pure, so without a server.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  rootDir: '../..',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/mutation/replay.test.ts', '<rootDir>/test/pure/**/*.test.ts'],
  transform,
  moduleNameMapper,
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/test/matrix/node_modules/'],
};
