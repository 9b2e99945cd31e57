const root = require('../../jest.config.cjs');

/** @type {import('jest').Config} */
module.exports = {
  ...root,
  rootDir: '../..',
  globalSetup: '<rootDir>/test/mutation/record-setup.ts',
  testMatch: ['<rootDir>/test/problems/**/*.test.ts'],
  moduleNameMapper: {
    ...root.moduleNameMapper,
    '^(\\.{1,2}/)+problem-tester$': '<rootDir>/test/mutation/record-case.ts',
  },
};
