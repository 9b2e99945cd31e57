import { followCalls } from '../../src/execution/surroundings';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

test('a call is known inside of itself alone, also while another one is going on', async () => {
  const calls = followCalls<string>();
  const inside = (name: string, turns: number) =>
    calls.around(name, async () => {
      for (let turn = 0; turn < turns; turn++) await nextTurn();
      return calls.present();
    });
  expect(await Promise.all([inside('short', 1), inside('long', 5)])).toEqual(['short', 'long']);
  expect(calls.present()).toBeUndefined();
});

test('nothing is followed any more when the last call has ended, by an error too', async () => {
  const calls = followCalls<string>();
  let afterwards: Promise<string | undefined> | undefined;
  const failing = calls.around('failing', async () => {
    afterwards = nextTurn()
      .then(nextTurn)
      .then(() => calls.present());
    return Promise.reject(new Error('failed'));
  });
  await expect(failing).rejects.toThrow('failed');
  expect(await afterwards).toBeUndefined();
});

test('a call that begins after the last one has ended is followed as well', async () => {
  const calls = followCalls<string>();
  await calls.around('first', nextTurn);
  expect(await calls.around('second', () => nextTurn().then(() => calls.present()))).toBe('second');
});
