import { DataTypes, Model, Sequelize } from 'sequelize';
import { eachWithLibrary, SEQUELIZE_KEY } from './library';
import { define, foreignKeys, recordGuard, sequelizeLike } from './recorded-guard';

const library = eachWithLibrary('wrapper');

describe('which calls are wrapped', () => {
  test('models and associations that are declared later', async () => {
    const recording = recordGuard(library.sequelize);
    const Shelf = define(library.sequelize, 'Shelf', {});
    library.Author.belongsTo(Shelf);
    await Shelf.sync();
    await library.Author.sync();
    expect(recording.calls).toEqual(['begin Shelf', 'finish true', 'begin Author', 'finish true']);
    expect(await foreignKeys(library.database)).toEqual([]);
  });

  test('classes that extend each other, once each', async () => {
    class Base extends Model {}
    class Derived extends Base {}
    const plain = { timestamps: false, sequelize: library.sequelize };
    Base.init({}, plain);
    const recording = recordGuard(library.sequelize);
    Derived.init({ baseId: { type: DataTypes.INTEGER, references: { model: Base, key: 'id' } } }, plain);
    expect([Object.hasOwn(Base, 'sync'), Object.hasOwn(Derived, 'sync')]).toEqual([true, false]);
    await Base.sync();
    await Derived.sync();
    expect(recording.calls).toEqual(['begin Base', 'finish true', 'begin Derived', 'finish true']);
    expect(await foreignKeys(library.database)).toEqual([]);
  });

  test('not those of another instance, and not those of a clone of this one', async () => {
    const recording = recordGuard(library.sequelize);
    const clone = new Sequelize(library.database.url, sequelizeLike(library.sequelize).options);
    class Author extends library.Author {}
    Author.init({}, { sequelize: clone, timestamps: false });
    await Author.sync();
    await clone.sync();
    expect(Object.hasOwn(define(clone, 'Shelf', {}), 'sync')).toBe(false);
    expect(recording.calls).toEqual([]);
    await clone.close();
  });
});

describe('uninstall', () => {
  test('leaves no trace', async () => {
    const { sequelize, Book } = library;
    const touched = [sequelize, sequelize.getQueryInterface(), Book];
    const ownNames = () => touched.map((object) => Object.getOwnPropertyNames(object));
    const before = ownNames();
    const recording = recordGuard(sequelize);
    await sequelize.sync();
    recording.uninstall();
    expect(ownNames()).toEqual(before);
    const hooks = ['afterDefine', 'beforeBulkSync', 'beforeSync'] as const;
    expect(hooks.filter((hook) => sequelize.hasHook(hook))).toEqual([]);
    await sequelize.sync({ force: true });
    expect(await foreignKeys(library.database)).toEqual([SEQUELIZE_KEY]);
    expect(recording.calls).toHaveLength(2);
  });

  test('does not take away what somebody else has put around it, and is out of work below that', async () => {
    const recording = recordGuard(library.sequelize);
    const guarded = library.sequelize.sync.bind(library.sequelize);
    const theirs = (): Promise<Sequelize> => guarded();
    library.sequelize.sync = theirs;
    recording.uninstall();
    expect(library.sequelize.sync).toBe(theirs);
    await library.sequelize.sync();
    expect(recording.calls).toEqual([]);
  });

  test('during a sync: it still ends as it began', async () => {
    const recording = recordGuard(library.sequelize, { onBegin: () => recording.uninstall() });
    await library.sequelize.sync();
    expect(recording.calls).toEqual(['begin *', 'finish true']);
    expect(await foreignKeys(library.database)).toEqual([]);
    expect(library.Book.getAttributes()['authorId']?.references).toMatchObject({ model: 'Authors' });
  });
});
