import { eachWithLibrary, signal, throwIt } from './library';
import { foreignKeys, recordGuard } from './recorded-guard';

const library = eachWithLibrary('overlapping');

test('calls of the same kind share one run, and all of them wait for its end', async () => {
  await library.sequelize.sync();
  const [finishing, end] = [signal(), signal()];
  const onFinish = (): Promise<void> => (finishing.give(), end.given);
  const recording = recordGuard(library.sequelize, { onFinish });
  const ended: string[] = [];
  const calls = [library.sequelize.sync(), library.sequelize.sync(), library.Author.sync()].map((call) =>
    call.then(() => ended.push('ended')),
  );
  await finishing.given;
  expect(library.references()).toMatchObject({ model: 'Authors' });
  expect(ended).toEqual([]);
  end.give();
  await Promise.all(calls);
  expect(recording.calls).toEqual(['begin *', 'finish true']);
});

test('a call that comes while a run finishes, or wants another kind of sync, waits for its own', async () => {
  const [finishing, end] = [signal(), signal()];
  const onFinish = (): Promise<void> => (finishing.give(), end.given);
  const recording = recordGuard(library.sequelize, { onFinish });
  const calls = [library.sequelize.sync(), library.sequelize.sync({ alter: true })];
  await finishing.given;
  calls.push(library.sequelize.sync());
  end.give();
  await Promise.all(calls);
  expect(recording.scopes.map((scope) => scope.alter).sort()).toEqual([false, false, true]);
  expect(recording.calls.filter((_, index) => index % 2 === 1)).toEqual([
    'finish true',
    'finish true',
    'finish true',
  ]);
});

test('of different models: one after the other, each guarded', async () => {
  const recording = recordGuard(library.sequelize);
  await library.Author.sync();
  await Promise.all([library.Author.sync({ alter: true }), library.Book.sync({ alter: true })]);
  expect(recording.calls.slice(2)).toEqual(['begin Author', 'finish true', 'begin Book', 'finish true']);
  expect(await foreignKeys(library.database)).toEqual([]);
});

test('when one of them fails the run has failed, and the other one has not', async () => {
  const recording = recordGuard(library.sequelize);
  const outcomes = await Promise.allSettled([failingSync(), library.sequelize.sync()]);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'fulfilled']);
  expect(recording.calls).toEqual(['begin *', 'finish false']);
  expect(library.references()).toMatchObject({ model: 'Authors' });
});

function failingSync(): Promise<unknown> {
  return library.sequelize.sync({ logging: () => throwIt(new Error('logging')) });
}
