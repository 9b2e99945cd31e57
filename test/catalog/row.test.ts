import { count, flag, json, text } from '../../src/catalog/row';

describe('values as the server sends them', () => {
  it.each(['', ' ', '-1', '1.5', '1e3', '0x10', 'NaN', '9007199254740992', '1 '])(
    'does not take "%s" for a count',
    (rows) => {
      expect(() => count({ rows }, 'rows')).toThrow(/is not a count/);
    },
  );

  it('takes whole numbers up to the largest safe one', () => {
    expect([count({ n: '0' }, 'n'), count({ n: '9007199254740991' }, 'n')]).toEqual([0, 9007199254740991]);
  });

  it('fails on what is not there', () => {
    expect(() => text({ a: null }, 'a')).toThrow('the server sent no a');
    expect(() => text(undefined, 'a')).toThrow('the server sent no a');
    expect(() => json({ b: '[]' }, 'a')).toThrow('the server sent no a');
    expect(() => flag({}, 'a')).toThrow('the server sent no a');
  });
});
