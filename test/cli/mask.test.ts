import { createMask } from '../../src/cli/mask';

describe('mask', () => {
  it.each([
    ['postgres://app:s3cret@db:5432/x', 'postgres://app:***@db:5432/x'],
    ['at postgres://app:p@ss:w/rd@db/x, sorry', 'at postgres://app:***@db/x, sorry'],
    ['postgres://:only@db/x', 'postgres://:***@db/x'],
    ['postgres://db/x?user=a&password=s3cret&sslmode=off', 'postgres://db/x?user=a&password=***&sslmode=off'],
    ['postgres://app@db/x', 'postgres://app@db/x'],
    ['two: a://b:c@d a://e:f@g', 'two: a://b:***@d a://e:***@g'],
    ['12:30 mail@example.org', '12:30 mail@example.org'],
  ])('%s', (text, masked) => {
    expect(createMask()(text)).toBe(masked);
  });

  it('leaves the rest of a JSON document alone', () => {
    const text = JSON.stringify({ url: 'postgres://a:b@c/d', mail: 'x@y' });
    expect(createMask()(text)).toBe('{"url":"postgres://a:***@c/d","mail":"x@y"}');
  });

  it('knows a learnt password wherever it stands, as written and decoded', () => {
    const mask = createMask();
    mask.learn('postgres://app:p%40ss@db/x');
    expect(mask('the word p@ss, also p%40ss')).toBe('the word ***, also ***');
    mask.learn('postgres://db/x?password=query%20word');
    expect(mask('a query word')).toBe('a ***');
  });

  it('keeps names readable that happen to be the password', () => {
    const mask = createMask();
    mask.learn('postgres://postgres:postgres@db/postgres');
    expect(mask('postgres on postgres://postgres:postgres@db/postgres')).toBe(
      'postgres on postgres://postgres:***@db/postgres',
    );
  });

  it('does not touch such words in results', () => {
    const mask = createMask();
    mask.learn('postgres://app:users@db/x');
    expect(mask.form('alter table "users"; postgres://app:users@db/x')).toBe(
      'alter table "users"; postgres://app:***@db/x',
    );
  });

  it('learns nothing from what is no connection string', () => {
    const mask = createMask();
    for (const text of ['', 'nonsense', 'postgres://app@db/x', 'postgres://a:%E0%A4%A@db/x'])
      mask.learn(text);
    expect(mask('nonsense app db x')).toBe('nonsense app db x');
  });
});
