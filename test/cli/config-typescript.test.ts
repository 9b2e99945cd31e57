import { ecmaScript, understoodBy, users, type ConfigCase } from './config-cases';

const models = `import { Sequelize, Model, DataTypes, type InferAttributes, type InferCreationAttributes } from 'sequelize';
import { Role } from '@/role';
export class User extends Model<InferAttributes<User>, InferCreationAttributes<User>> {
  declare id: number;
  declare role: Role;
}
export const sequelize = new Sequelize('postgres://h/d', { logging: false });
User.init({ id: { type: DataTypes.INTEGER, primaryKey: true }, role: { type: DataTypes.STRING, defaultValue: Role.Reader } }, { sequelize });
if (User.build({ id: 1 }).role !== 'reader') throw new Error('a class field hides the attribute');
`;

const project = {
  'src/models.ts': models,
  'src/role.ts': `export enum Role { Reader = 'reader', Librarian = 'librarian' }`,
  'tsconfig.json': `{
    // comments are allowed here
    "compilerOptions": { "target": "es2022", "module": "nodenext", "paths": { "@/*": ["./src/*"] } }
  }`,
};

const imported = `import { sequelize } from './src/models';\nexport default { sequelize };`;

const waits = `import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
const { sequelize } = await import('./src/models');
const here: string = dirname(fileURLToPath(import.meta.url));
export default { sequelize, options: { absolute: here.startsWith('/') } };`;

const field = `import { Sequelize, Model, DataTypes } from 'sequelize';
class User extends Model { name!: string; }
export const sequelize = new Sequelize('postgres://h/d', { logging: false });
User.init({ name: DataTypes.STRING }, { sequelize });
if (User.build({ name: 'Ada' }).name !== 'Ada') throw new Error('a class field hides the attribute');`;

const decorated = `import { sequelize } from './src/plain';
const types: unknown[] = [];
const { getMetadata } = Reflect as unknown as { getMetadata(key: string, target: object, name: string): unknown };
function Column(target: object, name: string): void {
  queueMicrotask(() => types.push(getMetadata('design:type', target, name)));
}
class Book { @Column title!: string; @Column declare pages: number; }
await Promise.resolve();
if (types[0] !== String || types[1] !== Number) throw new Error('no metadata for ' + Book.name);
export default { sequelize };`;

const reflect = `const all = new Map();
const key = (kind, target, name) => [kind, target.constructor.name, name].join();
Reflect.metadata = (kind, value) => (target, name) => void all.set(key(kind, target, name), value);
Reflect.getMetadata = (kind, target, name) => all.get(key(kind, target, name));`;

const hook = `require.extensions['.ts'] = (module, file) => module._compile("module.exports = { url: 'postgres://hooked/d', foreignKeys: [] }", file);`;

describe('a configuration in TypeScript', () => {
  const cases = {
    '.ts, with an enum, a path alias and class fields': {
      files: { ...project, 'fk-guard.config.ts': imported },
    },
    '.mts': { files: { ...project, 'fk-guard.config.mts': imported } },
    '.cts': { files: { ...project, 'fk-guard.config.cts': imported } },
    'that waits and asks for its own place': { files: { ...project, 'fk-guard.config.ts': waits } },
    'without a tsconfig.json': { files: { 'fk-guard.config.ts': field } },
    'with decorators that need metadata': {
      files: {
        'src/plain.ts': ecmaScript,
        'reflect.js': reflect,
        'fk-guard.config.ts': decorated,
        'tsconfig.json': '{"compilerOptions":{"experimentalDecorators":true,"emitDecoratorMetadata":true}}',
      },
      hooks: ['./reflect.js'],
    },
    'beside a hook that does something else': {
      files: { ...project, 'env.js': '', 'fk-guard.config.ts': imported },
      hooks: ['./env.js'],
    },
    // The last one: it changes how this process reads TypeScript.
    'left to a hook that reads TypeScript': {
      files: { 'hook.js': hook, 'fk-guard.config.ts': 'this is no TypeScript' },
      hooks: ['./hook.js'],
    },
  } satisfies Record<string, ConfigCase>;
  let understood: Record<keyof typeof cases, unknown>;
  beforeAll(async () => {
    understood = await understoodBy(cases);
  });

  it.each([
    ['.ts, with an enum, a path alias and class fields', users],
    ['.mts', users],
    ['.cts', users],
    ['that waits and asks for its own place', { ...users, options: { absolute: true } }],
    ['without a tsconfig.json', users],
    ['with decorators that need metadata', users],
    ['beside a hook that does something else', users],
    ['left to a hook that reads TypeScript', { url: 'postgres://hooked/d', foreignKeys: [] }],
  ] as const)('%s', (name, expected) => {
    expect(understood[name]).toEqual(expected);
  });
});
