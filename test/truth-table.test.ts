import { DataTypes, Sequelize, type ModelStatic, type Model } from 'sequelize';
import { installFkGuard, type OnDeletePolicy } from 'sequelize-fk-guard';
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

/** The end: the key's action and what became of the orphans, or the code with which both were left alone. */
type End =
  | 'CASCADE deleted'
  | 'SET NULL nullified'
  | 'DEFAULT_ACTION'
  | 'ACTION_FORBIDS'
  | 'SET_NULL_ON_NOT_NULL'
  | 'CONTRADICTION';

const DELETED = 'CASCADE deleted';
const NULLIFIED = 'SET NULL nullified';
const UNKNOWN = 'DEFAULT_ACTION';
const FORBIDDEN = 'ACTION_FORBIDS';
const IMPOSSIBLE = 'SET_NULL_ON_NOT_NULL';
const TORN = 'CONTRADICTION';

type Row = readonly [
  style: keyof typeof STYLES,
  column: 'null' | 'not null',
  ...ends: [End, End, End, End, End, End],
];

//                                                          explicit             models                 CASCADE
//                                                          late       early     late        early      late      early
const TABLE: readonly Row[] = [
  [
    'belongsTo()',
    'null',
    /*                             */ UNKNOWN,
    UNKNOWN,
    NULLIFIED,
    NULLIFIED,
    DELETED,
    DELETED,
  ],
  [
    'belongsTo()',
    'not null',
    /*                         */ UNKNOWN,
    UNKNOWN,
    FORBIDDEN,
    FORBIDDEN,
    DELETED,
    DELETED,
  ],
  [
    'belongsTo(CASCADE)',
    'null',
    /*                      */ DELETED,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
  ],
  [
    'belongsTo(CASCADE)',
    'not null',
    /*                  */ DELETED,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
  ],
  [
    'belongsTo(SET NULL)',
    'null',
    /*                     */ UNKNOWN,
    NULLIFIED,
    NULLIFIED,
    NULLIFIED,
    DELETED,
    NULLIFIED,
  ],
  [
    'belongsTo(SET NULL)',
    'not null',
    /*                 */ UNKNOWN,
    IMPOSSIBLE,
    IMPOSSIBLE,
    IMPOSSIBLE,
    DELETED,
    IMPOSSIBLE,
  ],
  [
    'belongsTo(RESTRICT)',
    'null',
    /*                     */ FORBIDDEN,
    FORBIDDEN,
    FORBIDDEN,
    FORBIDDEN,
    FORBIDDEN,
    FORBIDDEN,
  ],
  [
    'belongsTo(RESTRICT)',
    'not null',
    /*                 */ FORBIDDEN,
    FORBIDDEN,
    FORBIDDEN,
    FORBIDDEN,
    FORBIDDEN,
    FORBIDDEN,
  ],
  [
    'hasMany()',
    'null',
    /*                               */ UNKNOWN,
    UNKNOWN,
    NULLIFIED,
    NULLIFIED,
    DELETED,
    DELETED,
  ],
  [
    'hasMany()',
    'not null',
    /*                           */ UNKNOWN,
    UNKNOWN,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
  ],
  [
    'hasMany(CASCADE)',
    'null',
    /*                        */ DELETED,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
  ],
  [
    'hasMany(CASCADE)',
    'not null',
    /*                    */ DELETED,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
  ],
  [
    'hasMany(SET NULL)',
    'null',
    /*                       */ NULLIFIED,
    NULLIFIED,
    NULLIFIED,
    NULLIFIED,
    NULLIFIED,
    NULLIFIED,
  ],
  [
    'hasMany(SET NULL)',
    'not null',
    /*                   */ IMPOSSIBLE,
    IMPOSSIBLE,
    IMPOSSIBLE,
    IMPOSSIBLE,
    IMPOSSIBLE,
    IMPOSSIBLE,
  ],
  [
    'hasOne()',
    'null',
    /*                                */ UNKNOWN,
    UNKNOWN,
    NULLIFIED,
    NULLIFIED,
    DELETED,
    DELETED,
  ],
  [
    'hasOne()',
    'not null',
    /*                            */ UNKNOWN,
    UNKNOWN,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
  ],
  [
    'hasOne(CASCADE)',
    'null',
    /*                         */ UNKNOWN,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
  ],
  [
    'hasOne(CASCADE)',
    'not null',
    /*                     */ UNKNOWN,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
  ],
  [
    'belongsTo(); hasMany(CASCADE)',
    'null',
    /*           */ DELETED,
    DELETED,
    NULLIFIED,
    NULLIFIED,
    DELETED,
    DELETED,
  ],
  [
    'belongsTo(); hasMany(CASCADE)',
    'not null',
    /*       */ DELETED,
    DELETED,
    FORBIDDEN,
    FORBIDDEN,
    DELETED,
    DELETED,
  ],
  [
    'hasMany(CASCADE); belongsTo()',
    'null',
    /*           */ DELETED,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
  ],
  [
    'hasMany(CASCADE); belongsTo()',
    'not null',
    /*       */ DELETED,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
  ],
  [
    'hasMany(); belongsTo(CASCADE)',
    'null',
    /*           */ DELETED,
    DELETED,
    NULLIFIED,
    NULLIFIED,
    DELETED,
    DELETED,
  ],
  [
    'hasMany(); belongsTo(CASCADE)',
    'not null',
    /*       */ DELETED,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
  ],
  ['belongsTo(CASCADE); hasMany(RESTRICT)', 'null', /*   */ TORN, TORN, TORN, TORN, TORN, TORN],
  ['belongsTo(CASCADE); hasMany(RESTRICT)', 'not null', TORN, TORN, TORN, TORN, TORN, TORN],
  [
    'references',
    'null',
    /*                              */ UNKNOWN,
    UNKNOWN,
    FORBIDDEN,
    FORBIDDEN,
    DELETED,
    DELETED,
  ],
  [
    'references',
    'not null',
    /*                          */ UNKNOWN,
    UNKNOWN,
    FORBIDDEN,
    FORBIDDEN,
    DELETED,
    DELETED,
  ],
  [
    'references, CASCADE',
    'null',
    /*                     */ DELETED,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
  ],
  [
    'references, CASCADE',
    'not null',
    /*                 */ DELETED,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
  ],
  [
    'references, SET NULL; belongsTo()',
    'null',
    /*       */ UNKNOWN,
    NULLIFIED,
    NULLIFIED,
    NULLIFIED,
    DELETED,
    NULLIFIED,
  ],
  [
    'references, SET NULL; belongsTo()',
    'not null',
    /*   */ UNKNOWN,
    IMPOSSIBLE,
    IMPOSSIBLE,
    IMPOSSIBLE,
    DELETED,
    IMPOSSIBLE,
  ],
  [
    'belongsToMany()',
    'not null',
    /*                     */ UNKNOWN,
    UNKNOWN,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
  ],
  [
    'belongsToMany(CASCADE)',
    'not null',
    /*              */ DELETED,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
    DELETED,
  ],
];

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
  if (action === 'c' && rows === 95) return 'CASCADE deleted';
  if (action === 'n' && rows === 100 && nulls === 5) return 'SET NULL nullified';
  return `key ${action}, ${rows} rows, ${nulls} nulls`;
}

describe.each(COLUMNS.map(([policy, when], position) => ({ policy, when, position })))(
  'onDelete: $policy, installed $when',
  ({ policy, when, position }) => {
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
  },
);
