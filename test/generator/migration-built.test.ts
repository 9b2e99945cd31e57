import { DataTypes, Sequelize } from 'sequelize';
import { installFkGuard } from 'sequelize-fk-guard';
import { full } from '../extent';
import type { TestDatabase } from '../postgres/database';
import { build, look, named, silent, withDatabase } from './built';
import { contextOf } from './damage/damaged';
import { definitionOf, replace } from './damage/key-damages';
import { modelSet, type ModelSet } from './model-set';
import { randomFrom, seedFrom } from './random';
import { sound } from './styles';

const LOOKS = ['early', 'late'] as const;

/** As people write migrations: a key names an action only where somebody thought of one. */
const MIGRATIONS = `
  create table "Users" (id serial primary key, email text not null);
  create table "Categories" (id serial primary key, "parentId" integer references "Categories" (id));
  create table "Books" (id serial primary key, "categoryId" integer references "Categories" (id));
  create table "Checkouts" (
    id serial primary key,
    "userId" integer not null references "Users" (id) on delete cascade,
    "bookId" integer not null references "Books" (id));
  create table "Profiles" (id serial primary key, "userId" integer not null references "Users" (id));
  create table "BookTags" (
    "bookId" integer references "Books" (id),
    "categoryId" integer references "Categories" (id),
    primary key ("bookId", "categoryId"))`;

/** The models of those tables; beside a relation stands the ON DELETE that Sequelize would give it by default. */
function defineLibrary(sequelize: Sequelize): void {
  const define = (name: string, attributes = {}) => sequelize.define(name, attributes, { timestamps: false });
  const required = { type: DataTypes.INTEGER, allowNull: false };
  const [User, Category, Book] = [define('User'), define('Category'), define('Book')];
  const Checkout = define('Checkout', { userId: required, bookId: { ...required } });
  const Profile = define('Profile', { userId: { ...required } });
  User.hasMany(Checkout, { foreignKey: 'userId', onDelete: 'CASCADE' });
  Checkout.belongsTo(Book, { foreignKey: 'bookId' });
  Category.belongsTo(Category, { as: 'parent', foreignKey: 'parentId' }); // SET NULL
  Category.hasMany(Book, { foreignKey: 'categoryId' }); // SET NULL
  User.hasOne(Profile, { foreignKey: 'userId' }); // CASCADE
  const by = { foreignKey: 'bookId', otherKey: 'categoryId' };
  Book.belongsToMany(Category, { through: define('BookTag'), ...by }); // CASCADE, both
}

const DEFAULTS = [
  'default-action-differs at Book.categoryId',
  'default-action-differs at BookTag.bookId',
  'default-action-differs at BookTag.categoryId',
  'default-action-differs at Category.parentId',
  'default-action-differs at Profile.userId',
];

describe("a database of migrations whose keys differ from the models only by Sequelize's defaults", () => {
  it.each(LOOKS)('has no error for a guard that is installed %s', async (seen) => {
    await withDatabase('migrated', async (database) => {
      await database.query(MIGRATIONS);
      const findings = await look({ define: defineLibrary }, seen, database);
      expect(named(findings)).toEqual(DEFAULTS);
      expect(new Set(findings.map(({ severity }) => severity))).toEqual(new Set(['info', 'warning']));
    });
  });

  it("has as many errors when the defaults are the author's wish", async () => {
    await withDatabase('migrated', async (database) => {
      await database.query(MIGRATIONS);
      const findings = await look({ define: defineLibrary }, 'late', database, { onDelete: 'models' });
      const errors = findings.filter(({ severity }) => severity === 'error');
      expect(named(errors)).toEqual(DEFAULTS.map((text) => text.replace(/^\S+/, 'wrong-on-delete')));
    });
  });
});

const seed = seedFrom('FK_GUARD_STYLE_SEED', 20260101);

describe(`the same for every declaration style (FK_GUARD_STYLE_SEED=${seed})`, () => {
  it.each(full ? LOOKS : (['late'] as const))(
    'has no error for a guard that is installed %s',
    async (seen) => {
      const set = modelSet(seed, sound);
      await withDatabase('migrated', async (database) => {
        await build(set, 'Sequelize', database);
        const differing = await writeAsMigrations(set, database);
        expect(named(await look(set, seen, database))).toEqual(
          differing.map((relation) => `default-action-differs at ${relation}`).sort(),
        );
        expect(differing.length).toBeGreaterThan(50);
      });
    },
  );
});

/** Gives every key NO ACTION for what nobody wrote; returns the relations whose ON DELETE is another one then. */
async function writeAsMigrations(set: ModelSet, database: TestDatabase): Promise<readonly string[]> {
  const sequelize = new Sequelize(database.url, { logging: false });
  installFkGuard(sequelize, { logger: silent });
  set.define(sequelize);
  const { site, isWritten } = await contextOf(sequelize, database, randomFrom(seed));
  await sequelize.close();
  for (const key of site.keys) {
    const word = (action: 'onDelete' | 'onUpdate') =>
      isWritten(key.relation, action) ? key[action] : 'NO ACTION';
    const actions = { onDelete: word('onDelete'), onUpdate: word('onUpdate') };
    await database.query(replace(key, definitionOf(key, actions)));
  }
  return site.keys
    .filter(({ relation, onDelete }) => !isWritten(relation, 'onDelete') && onDelete !== 'NO ACTION')
    .map(({ relation }) => relation);
}
