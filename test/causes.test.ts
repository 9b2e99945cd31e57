import { DataTypes, Sequelize } from 'sequelize';
import { installFkGuard, type Finding } from 'sequelize-fk-guard';
import { withCauses } from '../src/causes';
import { findingBlocks } from '../src/report/findings-text';
import { createDatabase } from './postgres/database';

/** Each finding of a database as `kind place ← kinds and places of its causes`. */
async function told(
  schema: string,
  models: (sequelize: Sequelize) => void,
): Promise<{ readonly lines: readonly string[]; readonly findings: readonly Finding[] }> {
  const database = await createDatabase('causes');
  const sequelize = new Sequelize(database.url, { logging: false, define: { timestamps: false } });
  try {
    await database.query(schema);
    const guard = installFkGuard(sequelize, { mode: 'check' });
    models(sequelize);
    const { findings } = await guard.check();
    const place = ({ kind, relation, child }: Finding): string =>
      `${kind} ${relation ?? `${child.table}(${child.columns.join()})`}`;
    const named = (id: string): string => {
      const cause = findings.find((finding) => finding.id === id);
      return cause ? place(cause) : `nothing of the id ${id}`;
    };
    const lines = findings
      .filter(({ kind, causedBy }) => kind !== 'unindexed-foreign-key' || causedBy)
      .map((finding) => [place(finding), ...(finding.causedBy ?? []).map(named)].join(' ← '));
    return { lines, findings };
  } finally {
    await sequelize.close();
    await database.drop({ force: true });
  }
}

const library = (more: string): string => `
  create table "Users" (id int constraint users_key primary key, mail text constraint users_mail unique);
  create table "Checkouts" (id int primary key,
    "userId" int constraint by_id references "Users" on update cascade on delete cascade,
    "userMail" text constraint by_mail references "Users" (mail) on update cascade on delete cascade);
  create table "Fines" (id int primary key, "checkoutId" int references "Checkouts" on update cascade on delete cascade);
  insert into "Users" values (1, 'a');
  insert into "Checkouts" values (1, 1, 'a');
  ${more}`;

function models(sequelize: Sequelize): void {
  const user = sequelize.define('User', { mail: DataTypes.TEXT });
  const [checkout, fine] = [sequelize.define('Checkout', {}), sequelize.define('Fine', {})];
  checkout.belongsTo(user, { foreignKey: 'userId', onDelete: 'CASCADE' });
  checkout.belongsTo(user, { as: 'byMail', foreignKey: 'userMail', targetKey: 'mail', onDelete: 'CASCADE' });
  fine.belongsTo(checkout, { foreignKey: 'checkoutId', onDelete: 'CASCADE' });
}

test.each<[damage: string, sql: string, lines: readonly string[]]>([
  [
    'a primary key that is dropped takes its keys along, and no others',
    'alter table "Users" drop constraint users_key cascade',
    ['missing-primary-key Users(id)', 'missing-foreign-key Checkout.userId ← missing-primary-key Users(id)'],
  ],
  [
    'a unique key that is dropped',
    'alter table "Users" drop constraint users_mail cascade',
    [
      'unreferenceable-target Checkout.userMail',
      'missing-foreign-key Checkout.userMail ← unreferenceable-target Checkout.userMail',
    ],
  ],
  [
    'a primary key that has moved to another column',
    'alter table "Users" drop constraint users_key cascade, add primary key (mail)',
    [
      'wrong-primary-key Users(id)',
      'unreferenceable-target Checkout.userId ← wrong-primary-key Users(id)',
      'missing-foreign-key Checkout.userId ← wrong-primary-key Users(id) ← unreferenceable-target Checkout.userId',
    ],
  ],
  [
    'a key that is dropped lets orphans in',
    'alter table "Checkouts" drop constraint by_id; insert into "Checkouts" values (2, 9)',
    [
      'orphaned-rows Checkout.userId ← missing-foreign-key Checkout.userId',
      'missing-foreign-key Checkout.userId',
    ],
  ],
  [
    'a key that is switched off lets orphans in',
    'alter table "Checkouts" disable trigger all; insert into "Checkouts" values (2, 9)',
    [
      'orphaned-rows Checkout.userId ← disabled-trigger Checkout.userId',
      'disabled-trigger Checkout.userId',
      'disabled-trigger Checkout.userMail',
      'disabled-trigger Fine.checkoutId',
    ],
  ],
  [
    'orphans that keep a key from being valid',
    `alter table "Checkouts" drop constraint by_id; insert into "Checkouts" values (2, 9);
     alter table "Checkouts" add foreign key ("userId") references "Users" on update cascade on delete cascade not valid`,
    [
      'orphaned-rows Checkout.userId',
      'not-valid-foreign-key Checkout.userId ← orphaned-rows Checkout.userId',
    ],
  ],
  [
    'a column that was renamed with its key',
    'alter table "Checkouts" rename "userId" to user_id',
    [
      'missing-column Checkout.userId',
      'unclaimed-foreign-key Checkouts(user_id) ← missing-column Checkout.userId',
    ],
  ],
])('%s', async (_, damage, lines) => {
  expect((await told(library(damage), models)).lines).toEqual(lines);
});

test('the index of a primary key was also that of a foreign key', async () => {
  const { lines } = await told(
    `create table "Users" (id int primary key);
     create table "Roles" (id int primary key);
     create table "UserRoles" (
       "userId" int not null references "Users" on update cascade on delete cascade,
       "roleId" int not null references "Roles" on update cascade on delete cascade);
     create index on "UserRoles" ("roleId")`,
    (sequelize) => {
      const [user, role] = [sequelize.define('User', {}), sequelize.define('Role', {})];
      user.belongsToMany(role, { through: 'UserRoles', foreignKey: 'userId', otherKey: 'roleId' });
    },
  );
  expect(lines).toEqual([
    'missing-primary-key UserRoles(userId,roleId)',
    'unindexed-foreign-key UserRoles.userId ← missing-primary-key UserRoles(userId,roleId)',
  ]);
});

test('models that contradict each other are why nothing is done about the rows', async () => {
  const { lines, findings } = await told(
    `create table "Users" (id int primary key);
     create table "Checkouts" (id int primary key, "userId" int);
     insert into "Checkouts" values (1, 9)`,
    (sequelize) => {
      const [user, checkout] = [sequelize.define('User', {}), sequelize.define('Checkout', {})];
      user.hasMany(checkout, { foreignKey: 'userId', onDelete: 'CASCADE' });
      checkout.belongsTo(user, { foreignKey: 'userId', onDelete: 'SET NULL' });
    },
  );
  expect(lines).toEqual([
    'contradictory-models Checkout.userId',
    'orphaned-rows Checkout.userId ← contradictory-models Checkout.userId ← missing-foreign-key Checkout.userId',
    'missing-foreign-key Checkout.userId ← contradictory-models Checkout.userId',
  ]);
  expect(findings.map(({ causedBy }) => causedBy ?? [])).toContainEqual([
    'contradictory-models:public.Checkouts(userId)->public.Users(id)',
  ]);
});

test('inheritance is why nothing is done', async () => {
  const { lines } = await told(
    `create table "Users" (id int primary key);
     create table heirs () inherits ("Users");
     create table "Checkouts" (id int primary key, "userId" int)`,
    (sequelize) =>
      void sequelize
        .define('Checkout', {})
        .belongsTo(sequelize.define('User', {}), { foreignKey: 'userId', onDelete: 'CASCADE' }),
  );
  expect(lines).toEqual([
    'unsupported-table Checkout.userId',
    'missing-foreign-key Checkout.userId ← unsupported-table Checkout.userId',
  ]);
});

describe('in the text', () => {
  const finding = (rest: Partial<Finding> & Pick<Finding, 'id' | 'kind' | 'child'>): Finding => ({
    severity: 'error',
    message: 'So it is.',
    why: 'Because.',
    help: 'Do it.',
    repair: 'manual',
    ...rest,
  });
  const users = { schema: 'public', table: 'Users', columns: ['id'] };
  const checkouts = { schema: 'public', table: 'Checkouts', columns: ['userId'] };
  const missing = finding({
    id: 'key',
    kind: 'missing-foreign-key',
    relation: 'Checkout.userId',
    child: checkouts,
    parent: users,
  });
  const primary = finding({ id: 'primary', kind: 'missing-primary-key', child: users });
  const orphans = finding({
    id: 'rows',
    kind: 'orphaned-rows',
    relation: 'Checkout.userId',
    child: checkouts,
  });

  test('causes are named with their place, unless it is the same', () => {
    const found = withCauses([primary, orphans, missing].map((one) => ({ finding: one })));
    const text = findingBlocks(found.map((diagnosis) => diagnosis.finding)).join('\n');
    expect(text.match(/because of.*/g)).toEqual([
      'because of  missing-foreign-key',
      'because of  missing-primary-key of public.Users (id)',
    ]);
  });

  test('a cause that is not shown is named by its id', () => {
    expect(findingBlocks([{ ...missing, causedBy: ['primary'] }]).join()).toContain('because of  primary');
  });

  test('a key of other columns, or of another table, is no cause', () => {
    const others = [
      { ...primary, child: { ...users, columns: ['mail'] } },
      { ...primary, child: { ...users, schema: 'other' } },
    ];
    for (const other of others)
      expect(withCauses([{ finding: other }, { finding: missing }])[1]?.finding).toEqual(missing);
  });
});
