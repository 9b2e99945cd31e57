import { eachWithLibrary, throwIt } from './library';
import { recordGuard } from './recorded-guard';

const library = eachWithLibrary('sync_errors');

test('a failing sync throws its own error unchanged, finishes with false and has the references back', async () => {
  await library.database.query(`create view "Books" as select 1 as id`);
  const recording = recordGuard(library.sequelize, {
    onFinish: () => {
      throw new Error('from finish');
    },
  });
  await expect(library.sequelize.sync({ alter: true })).rejects.toMatchObject({ parent: { code: '42809' } });
  expect(recording.calls).toEqual(['begin *', 'finish false']);
  expect(library.references()).toMatchObject({ model: 'Authors' });
});

test("begin's error is what sync rejects with, nothing is created, and the next sync begins anew", async () => {
  const wrong = new Error('options');
  const errors: Error[] = [wrong];
  const recording = recordGuard(library.sequelize, {
    onBegin: () => errors.splice(0).forEach((error) => void throwIt(error)),
  });
  await expect(library.sequelize.sync()).rejects.toBe(wrong);
  expect(await library.database.query(`select 1 from pg_class where relname = 'Authors'`)).toEqual([]);
  expect(library.references()).toMatchObject({ model: 'Authors' });
  await library.sequelize.sync();
  expect(recording.calls).toEqual(['begin *', 'begin *', 'finish true']);
});

test("finish's error is what a sync that worked rejects with", async () => {
  const findings = new Error('findings');
  recordGuard(library.sequelize, { onFinish: () => throwIt(findings) });
  await expect(library.sequelize.sync()).rejects.toBe(findings);
  expect(library.references()).toMatchObject({ model: 'Authors' });
});

test('the match check of Sequelize comes before anything of the guard', async () => {
  const recording = recordGuard(library.sequelize);
  await expect(library.sequelize.sync({ match: /^no such database$/ })).rejects.toThrow(
    'does not match sync match parameter',
  );
  expect(recording.calls).toEqual([]);
  expect(recording.warnings).toEqual([]);
});
