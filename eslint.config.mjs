import js from '@eslint/js';
import jest from 'eslint-plugin-jest';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const TYPESCRIPT = [
  'src/**/*.ts',
  'app/**/*.ts',
  'models/**/*.ts',
  'migrations/**/*.ts',
  'examples/**/*.ts',
  'bench/**/*.ts',
  'test/**/*.ts',
];

/** Files that may not import what the patterns match; with `typesToo` not even a type. */
const layer = (files, message, patterns, { typesToo = false, ignores = [] } = {}) => ({
  files,
  ignores,
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      { patterns: patterns.map((regex) => ({ regex, message, allowTypeImports: !typesToo })) },
    ],
  },
});

/** A relative path to one of the parts, from any depth. */
const part = (names) => `^\\.{1,2}/(.*/)?(${names})(/|$)`;

const readonlyGlobals = (...names) => Object.fromEntries(names.map((name) => [name, 'readonly']));

export default defineConfig(
  globalIgnores(['dist/', 'build/', 'coverage/', 'reports/', '.stryker-tmp/', '**/node_modules/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.{js,cjs,mjs}', '.sequelizerc'],
    languageOptions: {
      globals: readonlyGlobals('URL', 'console', 'process', '__dirname', 'fetch', 'AbortSignal'),
    },
  },
  {
    files: ['src/report/html/assets/*.js'],
    languageOptions: {
      sourceType: 'script',
      globals: readonlyGlobals('document', 'location', 'matchMedia', 'addEventListener', 'HTMLButtonElement'),
    },
  },
  {
    files: ['app/public/*.js'],
    languageOptions: { globals: readonlyGlobals('document', 'fetch', 'FormData', 'Option') },
  },
  { files: ['**/*.cjs', '.sequelizerc'], languageOptions: { sourceType: 'commonjs' } },
  {
    files: TYPESCRIPT,
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['test/tsconfig.json', 'test/browser/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // An interface may ask for a promise where this implementation has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      // Applications' own objects are wrapped and printed here, and they are `unknown` until then.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      // Terminal colours are control characters.
      'no-control-regex': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'max-lines': ['error', 150],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/cli/**', 'src/host.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['process', 'console'].map((name) => ({ name, message: 'Only the command line touches it.' })),
      ],
    },
  },
  {
    files: ['src/cli/**/*.ts', 'app/**/*.ts', 'examples/**/*.ts', 'bench/**/*.ts', 'test/**/*.ts'],
    rules: { 'no-console': 'off' },
  },

  // Who may do what. A file takes the last block that fits; test/architecture.test.ts holds the same table in full.
  layer(['src/**/*.ts'], 'Nobody imports the command line.', [part('cli')], {
    typesToo: true,
    ignores: ['src/cli/**'],
  }),
  layer(
    [
      'src/{schema,expected,snapshot,mismatch,column-type,diagnose,plan,finding,outcome,quarantine-outcome}.ts',
      'src/{pairing,repair,problems,report,changes}/**/*.ts',
      'src/policy/{breaker,judge,conversion,type-obstacle,wanted,verdict,strategy,refused,reach,row-movement,unfenced,parents-elsewhere,partition-tree,user-triggers}.ts',
    ],
    'A pure part knows data only.',
    [part('db|catalog|model|quarantine|execution|runtime|apply|verify|cli'), '^(pg|sequelize|node:.*)(/|$)'],
  ),
  layer(
    ['src/problems/*.ts'],
    'Problems do not know each other, nor anything that is not pure.',
    [
      '^\\./(?!problem$)',
      part('db|catalog|model|quarantine|execution|runtime|apply|verify|sql|cli'),
      '^(pg|sequelize|node:.*)(/|$)',
    ],
    {
      ignores: ['src/problems/index.ts'],
    },
  ),
  layer(
    ['src/catalog/**/*.ts'],
    'The catalog does not know models.',
    [part('model|apply|execution|install|cli')],
    {
      typesToo: true,
    },
  ),
  layer(['src/model/**/*.ts'], 'Models are read by shape and do not know PostgreSQL.', [
    part('catalog|db|sql|changes|cli'),
    '^(pg|sequelize)(/|$)',
  ]),
  layer(
    ['app/**/*.ts', 'models/**/*.ts', 'migrations/**/*.ts', 'examples/**/*.ts', 'bench/**/*.ts'],
    "Import from 'sequelize-fk-guard'.",
    ['^\\.{1,2}/(.*/)?(src|dist|build)/', '^sequelize-fk-guard/'],
    {
      typesToo: true,
    },
  ),

  {
    files: ['test/**/*.test.ts'],
    extends: [jest.configs['flat/recommended']],
    rules: {
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', '**.expect*'] }],
      'jest/no-disabled-tests': 'error',
      'jest/no-focused-tests': 'error',
      'jest/valid-expect': ['error', { alwaysAwait: true }],
      'jest/valid-title': ['error', { ignoreTypeOfDescribeName: true }],
      'jest/no-conditional-expect': 'error',
    },
  },
);
