import { commonJs, ecmaScript, understoodBy, users, type ConfigCase } from './config-cases';

const keys = { url: 'postgres://h/d', foreignKeys: [{ child: 'a(b)', parent: 'c(d)' }] };
const ts = (text: string): ConfigCase => ({ files: { 'fk-guard.config.ts': text } });
const js = (text: string): ConfigCase => ({ files: { 'fk-guard.config.js': text } });
const json = (value: unknown): ConfigCase => ({
  files: { 'fk-guard.config.json': typeof value === 'string' ? value : JSON.stringify(value) },
});

describe('a configuration in JavaScript or JSON', () => {
  const cases = {
    'CommonJS in .js': js(`${commonJs} module.exports = { sequelize };`),
    'CommonJS in .cjs': { files: { 'fk-guard.config.cjs': `${commonJs} module.exports = { sequelize };` } },
    'a module in .mjs': { files: { 'fk-guard.config.mjs': ecmaScript } },
    'a module that waits': {
      files: {
        'fk-guard.config.mjs': `${ecmaScript} await Promise.resolve(); export default { sequelize };`,
      },
    },
    'a module in .js, as package.json says': {
      files: { 'package.json': '{"type":"module"}', 'fk-guard.config.js': ecmaScript },
    },
    'the instance itself': js(`${commonJs} module.exports = sequelize;`),
    'a function': js(`${commonJs} module.exports = async () => sequelize;`),
    'a function that returns an object': js(`${commonJs} module.exports = async () => ({ sequelize });`),
    'a function in an object': js(`${commonJs} module.exports = { sequelize: () => sequelize };`),
    'a compiled module': js(`${commonJs} exports.__esModule = true; exports.default = { sequelize };`),
    "the models' own index": {
      files: {
        'models/index.js': `${commonJs} module.exports = { sequelize, Sequelize, User: sequelize.models.User, Options: 1, helper() {} };`,
      },
      config: 'models/index.js',
    },
    'with options, as they were written': js(
      `${commonJs} module.exports = { sequelize, options: { nonsense: 1 } };`,
    ),
    'JSON in a file': json(keys),
    'JSON in package.json': { files: { 'package.json': JSON.stringify({ fkGuard: keys }) } },
    none: { files: {} },
  } satisfies Record<string, ConfigCase>;
  let understood: Record<keyof typeof cases, unknown>;
  beforeAll(async () => {
    understood = await understoodBy(cases);
  });

  it.each([
    ['CommonJS in .js', users],
    ['CommonJS in .cjs', users],
    ['a module in .mjs', users],
    ['a module that waits', users],
    ['a module in .js, as package.json says', users],
    ['the instance itself', users],
    ['a function', users],
    ['a function that returns an object', users],
    ['a function in an object', users],
    ['a compiled module', users],
    ["the models' own index", users],
    ['with options, as they were written', { ...users, options: { nonsense: 1 } }],
    ['JSON in a file', keys],
    ['JSON in package.json', keys],
    ['none', 'none'],
  ] as const)('%s', (name, expected) => {
    expect(understood[name]).toEqual(expected);
  });
});

describe('a configuration that cannot be used', () => {
  const shapeless = /^Invalid configuration .*: it exports neither a Sequelize instance nor foreign keys\.$/;
  const table: readonly (readonly [string, ConfigCase, RegExp])[] = [
    [
      'throws',
      js(`throw new Error('no such thing\\nat all')`),
      /^Cannot load .*fk-guard\.config\.js: no such thing$/,
    ],
    [
      'needs what is not there',
      js(`require('not-installed')`),
      /^Cannot load .*: Cannot find module 'not-installed'$/,
    ],
    [
      'is no JavaScript',
      { files: { 'fk-guard.config.mjs': 'export default {' } },
      /^Cannot load .*fk-guard\.config\.mjs: /,
    ],
    [
      'is no TypeScript',
      ts('const a: number = 1;\nconst b: = 1;'),
      /^Cannot load .*fk-guard\.config\.ts: .*fk-guard\.config\.ts:2: Type expected\.$/,
    ],
    ['is no JSON', json('{ "url": }'), /^.*fk-guard\.config\.json cannot be read as JSON\.$/],
    ['is a JSON list', json([]), /^.*fk-guard\.config\.json does not hold an object\.$/],
    ['exports nothing', js(''), shapeless],
    ['exports a number', js('module.exports = 7'), shapeless],
    ['exports a function that forgets to return', js('module.exports = () => undefined'), shapeless],
    [
      'exports a function that fails',
      js(`module.exports = async () => { throw new Error('vault is shut') }`),
      /^The function that .* exports failed: vault is shut$/,
    ],
    [
      'has no instance',
      js('module.exports = { sequelize: {} }'),
      /: "sequelize" is not a Sequelize instance\.$/,
    ],
    ['has a number for a url', json({ url: 5 }), /: "url" must be text\.$/],
    [
      'is misspelt',
      json({ url: 'postgres://h/d', foreignkeys: [] }),
      /: "foreignkeys" is not known; did you mean "foreignKeys"\?\.$/,
    ],
    [
      'has models and declared keys',
      js(`${commonJs} module.exports = { sequelize, foreignKeys: [] }`),
      /: "sequelize" and "foreignKeys" exclude each other\.$/,
    ],
    [
      'is not where --config says',
      { files: {}, config: 'nope.ts' },
      /^There is no configuration file .*nope\.ts\.$/,
    ],
    [
      'asks for a module that is not there',
      { ...js(''), hooks: ['not-installed/register'] },
      /^Cannot load --require not-installed\/register: Cannot find module 'not-installed\/register'$/,
    ],
  ];
  let understood: Record<string, unknown>;
  beforeAll(async () => {
    understood = await understoodBy(Object.fromEntries(table.map(([name, wanted]) => [name, wanted])));
  });

  it.each(table)('%s', (name, _, message) => {
    expect(understood[name]).toEqual({
      code: 'CONFIG',
      message: expect.stringMatching(message) as string,
      advice: expect.stringMatching(/\w+/) as string,
    });
  });

  it('in TypeScript names other ways to load it', () => {
    expect(understood['is no TypeScript']).toMatchObject({
      advice: expect.stringContaining('-r ts-node/register, -r @swc-node/register') as string,
    });
  });
});
