const onlyInTheMatrix = require('./test/matrix/only.cjs');

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // `npm run test:soak`, `npm run test:services`, `npm run test:browser`, `npm run test:mutation` and `npm run test:matrix`.
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/test/soak/',
    '<rootDir>/test/services/',
    '<rootDir>/test/browser/',
    '<rootDir>/test/package/',
    '<rootDir>/test/mutation/',
    ...onlyInTheMatrix.map((file) => `<rootDir>/${file}`),
  ],
  // Types are checked by `npm run types`; here they are only taken off.
  transform: {
    '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/test/jest.tsconfig.json', diagnostics: false }],
  },
  moduleNameMapper: {
    '^sequelize-fk-guard$': '<rootDir>/src/index.ts',
    '^sequelize-fk-guard/prometheus$': '<rootDir>/src/prometheus.ts',
  },
  modulePathIgnorePatterns: [
    '<rootDir>/build/',
    '<rootDir>/dist/',
    '<rootDir>/.stryker-tmp/',
    '<rootDir>/test/matrix/node_modules/',
  ],
  globalSetup: '<rootDir>/test/global-setup.ts',
  globalTeardown: '<rootDir>/test/postgres/global-teardown.ts',
  testTimeout: 60_000,
  // One more than a small machine has cores: a test waits for the server most of its time.
  maxWorkers: 3,
  restoreMocks: true,
};
