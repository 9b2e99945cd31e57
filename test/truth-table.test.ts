import { DataTypes, Sequelize, type ModelStatic, type Model } from 'sequelize';
import { installFkGuard, type OnDeletePolicy } from 'sequelize-fk-guard';
import { full } from './extent';
import { createDatabase, type TestDatabase } from './postgres/database';

type AnyModel = ModelStatic<Model>;

/** How a relation can be written; `references` is what stands in the attribute itself. */
interface Style {
  readonly references?: { readonly onDelete?: string };
  readonly associate: (parent: AnyModel, child: AnyModel) => void;
}

const key = { foreignKey: 'parentId' };
const none = (): void => undefined;

const STYLES = {
  'belongsTo()': { associate: (p, c) => c.belongsTo(p, { ...key }) },
  'belongsTo(CASCADE)': { associate: (p, c) => c.belongsTo(p, { ...key, onDelete: 'CASCADE' }) },
  'belongsTo(SET NULL)': { associate: (p, c) => c.belongsTo(p, { ...key, onDelete: 'SET NULL' }) },
  'belongsTo(RESTRICT)': { associate: (p, c) => c.belongsTo(p, { ...key, onDelete: 'RESTRICT' }) },
  'hasMany()': { associate: (p, c) => p.hasMany(c, { ...key }) },
  'hasMany(CASCADE)': { associate: (p, c) => p.hasMany(c, { ...key, onDelete: 'CASCADE' }) },
  'hasMany(SET NULL)': { associate: (p, c) => p.hasMany(c, { ...key, onDelete: 'SET NULL' }) },
  'hasOne()': { associate: (p, c) => p.hasOne(c, { ...key }) },
  'hasOne(CASCADE)': { associate: (p, c) => p.hasOne(c, { ...key, onDelete: 'CASCADE' }) },
  'belongsTo(); hasMany(CASCADE)': {
    associate: (p, c) => (c.belongsTo(p, { ...key }), p.hasMany(c, { ...key, onDelete: 'CASCADE' })),
  },
  'hasMany(CASCADE); belongsTo()': {
    associate: (p, c) => (p.hasMany(c, { ...key, onDelete: 'CASCADE' }), c.belongsTo(p, { ...key })),
  },
  'hasMany(); belongsTo(CASCADE)': {
    associate: (p, c) => (p.hasMany(c, { ...key }), c.belongsTo(p, { ...key, onDelete: 'CASCADE' })),
  },
  'belongsTo(CASCADE); hasMany(RESTRICT)': {
    associate: (p, c) => (
      c.belongsTo(p, { ...key, onDelete: 'CASCADE' }),
      p.hasMany(c, { ...key, onDelete: 'RESTRICT' })
    ),
  },
  references: { references: {}, associate: none },
  'references, CASCADE': { references: { onDelete: 'CASCADE' }, associate: none },
  'references, SET NULL; belongsTo()': {
    references: { onDelete: 'SET NULL' },
    associate: (p, c) => c.belongsTo(p, { ...key }),
  },
  'belongsToMany()': {
    associate: (p, c) =>
      p.belongsToMany(p, { as: 'others', through: c, foreignKey: 'parentId', otherKey: 'otherId' }),
  },
  'belongsToMany(CASCADE)': {
    associate: (p, c) =>
      p.belongsToMany(p, {
        as: 'others',
        through: c,
        foreignKey: 'parentId',
        otherKey: 'otherId',
        onDelete: 'CASCADE',
      }),
  },
} satisfies Record<string, Style>;

/**
 * How each relation ends: `deleted` and `nullified` mean a valid key with ON DELETE CASCADE or SET NULL and orphans
 * that went that way; anything else is the code with which key and orphans were left alone.
 */
const TABLE_TEXT = `
style                                 | column   | explicit, late       | explicit, early      | models, late         | models, early        | CASCADE, late        | CASCADE, early
belongsTo()                           | null     | DEFAULT_ACTION       | DEFAULT_ACTION       | nullified            | nullified            | deleted              | deleted
belongsTo()                           | not null | DEFAULT_ACTION       | DEFAULT_ACTION       | ACTION_FORBIDS       | ACTION_FORBIDS       | deleted              | deleted
belongsTo(CASCADE)                    | null     | deleted              | deleted              | deleted              | deleted              | deleted              | deleted
belongsTo(CASCADE)                    | not null | deleted              | deleted              | deleted              | deleted              | deleted              | deleted
belongsTo(SET NULL)                   | null     | DEFAULT_ACTION       | nullified            | nullified            | nullified            | deleted              | nullified
belongsTo(SET NULL)                   | not null | DEFAULT_ACTION       | SET_NULL_ON_NOT_NULL | SET_NULL_ON_NOT_NULL | SET_NULL_ON_NOT_NULL | deleted              | SET_NULL_ON_NOT_NULL
belongsTo(RESTRICT)                   | null     | ACTION_FORBIDS       | ACTION_FORBIDS       | ACTION_FORBIDS       | ACTION_FORBIDS       | ACTION_FORBIDS       | ACTION_FORBIDS
belongsTo(RESTRICT)                   | not null | ACTION_FORBIDS       | ACTION_FORBIDS       | ACTION_FORBIDS       | ACTION_FORBIDS       | ACTION_FORBIDS       | ACTION_FORBIDS
hasMany()                             | null     | DEFAULT_ACTION       | DEFAULT_ACTION       | nullified            | nullified            | deleted              | deleted
hasMany()                             | not null | DEFAULT_ACTION       | DEFAULT_ACTION       | deleted              | deleted              | deleted              | deleted
hasMany(CASCADE)                      | null     | deleted              | deleted              | deleted              | deleted              | deleted              | deleted
hasMany(CASCADE)                      | not null | deleted              | deleted              | deleted              | deleted              | deleted              | deleted
hasMany(SET NULL)                     | null     | nullified            | nullified            | nullified            | nullified            | nullified            | nullified
hasMany(SET NULL)                     | not null | SET_NULL_ON_NOT_NULL | SET_NULL_ON_NOT_NULL | SET_NULL_ON_NOT_NULL | SET_NULL_ON_NOT_NULL | SET_NULL_ON_NOT_NULL | SET_NULL_ON_NOT_NULL
hasOne()                              | null     | DEFAULT_ACTION       | DEFAULT_ACTION       | nullified            | nullified            | deleted              | deleted
hasOne()                              | not null | DEFAULT_ACTION       | DEFAULT_ACTION       | deleted              | deleted              | deleted              | deleted
hasOne(CASCADE)                       | null     | DEFAULT_ACTION       | deleted              | deleted              | deleted              | deleted              | deleted
hasOne(CASCADE)                       | not null | DEFAULT_ACTION       | deleted              | deleted              | deleted              | deleted              | deleted
belongsTo(); hasMany(CASCADE)         | null     | deleted              | deleted              | nullified            | nullified            | deleted              | deleted
belongsTo(); hasMany(CASCADE)         | not null | deleted              | deleted              | ACTION_FORBIDS       | ACTION_FORBIDS       | deleted              | deleted
hasMany(CASCADE); belongsTo()         | null     | deleted              | deleted              | deleted              | deleted              | deleted              | deleted
hasMany(CASCADE); belongsTo()         | not null | deleted              | deleted              | deleted              | deleted              | deleted              | deleted
hasMany(); belongsTo(CASCADE)         | null     | deleted              | deleted              | nullified            | nullified            | deleted              | deleted
hasMany(); belongsTo(CASCADE)         | not null | deleted              | deleted              | deleted              | deleted              | deleted              | deleted
belongsTo(CASCADE); hasMany(RESTRICT) | null     | CONTRADICTION        | CONTRADICTION        | CONTRADICTION        | CONTRADICTION        | CONTRADICTION        | CONTRADICTION
belongsTo(CASCADE); hasMany(RESTRICT) | not null | CONTRADICTION        | CONTRADICTION        | CONTRADICTION        | CONTRADICTION        | CONTRADICTION        | CONTRADICTION
references                            | null     | DEFAULT_ACTION       | DEFAULT_ACTION       | ACTION_FORBIDS       | ACTION_FORBIDS       | deleted              | deleted
references                            | not null | DEFAULT_ACTION       | DEFAULT_ACTION       | ACTION_FORBIDS       | ACTION_FORBIDS       | deleted              | deleted
references, CASCADE                   | null     | deleted              | deleted              | deleted              | deleted              | deleted              | deleted
references, CASCADE                   | not null | deleted              | deleted              | deleted              | deleted              | deleted              | deleted
references, SET NULL; belongsTo()     | null     | DEFAULT_ACTION       | nullified            | nullified            | nullified            | deleted              | nullified
references, SET NULL; belongsTo()     | not null | DEFAULT_ACTION       | SET_NULL_ON_NOT_NULL | SET_NULL_ON_NOT_NULL | SET_NULL_ON_NOT_NULL | deleted              | SET_NULL_ON_NOT_NULL
belongsToMany()                       | not null | DEFAULT_ACTION       | DEFAULT_ACTION       | deleted              | deleted              | deleted              | deleted
belongsToMany(CASCADE)                | not null | deleted              | deleted              | deleted              | deleted              | deleted              | deleted
`;

const TABLE = TABLE_TEXT.trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [style = '', column = '', ...ends] = line.split('|').map((cell) => cell.trim());
    return [style as keyof typeof STYLES, column, ...ends] as const;
  });

const COLUMNS = [
  ['explicit', 'late'],
  ['explicit', 'early'],
  ['models', 'late'],
  ['models', 'early'],
  ['CASCADE', 'late'],
  ['CASCADE', 'early'],
] as const satisfies readonly (readonly [OnDeletePolicy, 'late' | 'early'])[];

const silent = { debug: none, info: none, warn: none, error: none };

/** Tables without keys, each child with 100 rows of which 5 have no parent. */
const tables = TABLE.map(
  ([, column], i) => `
  create table parent_${i} (id integer primary key);
  create table child_${i} (id integer primary key, "parentId" integer ${column}, "otherId" integer);
  insert into parent_${i} select generate_series(1, 95);
  insert into child_${i} select i, i, 1 from generate_series(1, 100) i;`,
).join('');

function defineModels(sequelize: Sequelize): void {
  TABLE.forEach(([name, column], i) => {
    const style: Style = STYLES[name];
    const parent = sequelize.define(`Parent${i}`, {}, { tableName: `parent_${i}`, timestamps: false });
    const references = style.references && {
      references: { model: `parent_${i}`, key: 'id' },
      ...style.references,
    };
    const attributes = {
      id: { type: DataTypes.INTEGER, primaryKey: true },
      parentId: { type: DataTypes.INTEGER, allowNull: column === 'null', ...references },
    };
    style.associate(
      parent,
      sequelize.define(`Child${i}`, attributes, { tableName: `child_${i}`, timestamps: false }),
    );
  });
}

async function endOf(
  database: TestDatabase,
  i: number,
  refusals: ReadonlyMap<string, string>,
): Promise<string> {
  const [row] = await database.query(`
    select (select confdeltype from pg_constraint where contype = 'f' and conrelid = 'child_${i}'::regclass and conkey[1] = 2) as action,
           (select count(*)::int from child_${i}) as rows,
           (select count(*)::int from child_${i} where "parentId" is null) as nulls`);
  const { action, rows, nulls } = row as { action: string | null; rows: number; nulls: number };
  if (action === null && rows === 100 && nulls === 0)
    return refusals.get(`Child${i}.parentId`) ?? 'untouched, and nobody says why';
  if (action === 'c' && rows === 95) return 'deleted';
  if (action === 'n' && rows === 100 && nulls === 5) return 'nullified';
  return `key ${action}, ${rows} rows, ${nulls} nulls`;
}

/** In the sample each policy once, the moments in turn. */
const asked = COLUMNS.map(([policy, when], position) => ({ policy, when, position })).filter(
  ({ position }) => full || [0, 3, 5].includes(position),
);

describe.each(asked)('onDelete: $policy, installed $when', ({ policy, when, position }) => {
  test('what is enforced, and what happens to orphans', async () => {
    const database = await createDatabase('truth');
    await database.query(tables);
    const sequelize = new Sequelize(database.url, { logging: false });
    const install = () => installFkGuard(sequelize, { onDelete: policy, logger: silent });
    if (when === 'early') install();
    defineModels(sequelize);
    const outcome = await install().run();
    const refusals = new Map(
      outcome.remaining.flatMap(({ kind, relation, refusal }) =>
        kind === 'orphaned-rows' && relation && refusal ? [[relation, refusal.code] as const] : [],
      ),
    );

    const ends: string[] = [];
    for (const [i, [style, column]] of TABLE.entries())
      ends.push(`${style} | ${column} | ${await endOf(database, i, refusals)}`);
    expect(ends).toEqual(
      TABLE.map(([style, column, ...expected]) => `${style} | ${column} | ${expected[position]}`),
    );
    await sequelize.close();
    await database.drop();
  });
});
