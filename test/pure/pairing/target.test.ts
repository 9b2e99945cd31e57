import { isUsable } from '../../../src/pairing/pair';
import { uniqueIndex } from '../catalog';

describe('what a key may rest on (42830)', () => {
  it.each([
    ['a valid, full, immediate unique index', {}, true],
    ['no partial one', { partial: true }, false],
    ['no deferrable one', { deferrable: true }, false],
    ['no invalid one', { valid: false }, false],
    ['no wider one', { columns: ['id', 'tenant'] }, false],
  ])('%s', (_, more, usable) => expect(isUsable({ ...uniqueIndex(['id']), ...more }, ['id'])).toBe(usable));

  it('the order of the columns does not matter', () => {
    expect(isUsable(uniqueIndex(['tenant', 'id']), ['id', 'tenant'])).toBe(true);
  });
});
