import { bestFirst, isDeferrableAs, isExactly } from '../../../src/pairing/live-key';
import { foreignKey, name, wanted } from '../catalog';

describe('of several keys that say what is wanted', () => {
  const [older, newer] = [foreignKey({ oid: 1, name: 'older' }), foreignKey({ oid: 2, name: 'newer' })];
  /** The first one, from whichever side they are compared. */
  const first = (one: object, other: object): string => {
    const keys = [
      { ...older, ...one },
      { ...newer, ...other },
    ];
    const found = [keys, keys.toReversed()].map((list) => list.toSorted(bestFirst(wanted()))[0]?.name);
    return found[0] === found[1] ? (found[0] ?? '') : found.join(' or ');
  };

  it('the oldest stands for the relation when nothing tells them apart', () => {
    expect([newer, older].sort(bestFirst(wanted()))[0]).toBe(older);
    expect(first({}, {})).toBe('older');
  });

  it.each([
    ['one that acts', { enforced: false }, {}],
    ['one whose triggers are on', { triggersEnabled: false }, {}],
    ['a validated one', { validated: false }, {}],
    ['a stricter one (MATCH FULL)', {}, { matchFull: true }],
    ['one with the ON DELETE of the models', { onDelete: 'NO ACTION' }, {}],
    ['one with the ON UPDATE of the models', { onUpdate: 'NO ACTION' }, {}],
  ])('%s comes first', (_, one, other) => expect(first(one, other)).toBe('newer'));

  it('one that is checked when the models say comes first', () => {
    const deferred = wanted({ deferrable: 'INITIALLY DEFERRED' });
    const keys = [older, { ...newer, deferrable: true, initiallyDeferred: true }];
    expect(keys.sort(bestFirst(deferred))[0]?.name).toBe('newer');
  });

  it.each([
    ['acting before validated', { enforced: false }, { validated: false }],
    ['validated before MATCH FULL', { validated: false, matchFull: true }, {}],
    ['MATCH FULL before the action', {}, { matchFull: true, onDelete: 'NO ACTION' }],
    ['ON DELETE before ON UPDATE', { onDelete: 'NO ACTION' }, { onUpdate: 'NO ACTION' }],
  ])('%s', (_, one, other) => expect(first(one, other)).toBe('newer'));
});

describe('when a key is checked', () => {
  const deferred = { deferrable: true, initiallyDeferred: true };
  it.each([
    ['is of no matter where nobody has said when', undefined, deferred, true],
    ['is as it was said', 'INITIALLY DEFERRED', deferred, true],
    ['is not as it was said', 'INITIALLY IMMEDIATE', deferred, false],
    ['is at once', 'INITIALLY IMMEDIATE', { deferrable: true }, true],
    ['is at once and always', 'NOT DEFERRABLE', {}, true],
  ] as const)('%s', (_, deferrable, key, as) => {
    expect(isDeferrableAs(foreignKey(key), wanted(deferrable && { deferrable }))).toBe(as);
  });
});

describe('a key is exactly what is wanted', () => {
  const isWanted = (more: object, of = wanted()) => isExactly(foreignKey(more), of, name('author'));

  it.each([
    ['when all of it is so', {}, true],
    ['unless it deletes otherwise', { onDelete: 'RESTRICT' }, false],
    ['unless it points at another table', { parent: name('person') }, false],
    ['unless it points at another column', { parentColumns: ['number'] }, false],
    ['whatever its ON UPDATE is, where nobody wrote one', { onUpdate: 'RESTRICT' }, true],
  ])('%s', (_, more, exactly) => expect(isWanted(more)).toBe(exactly));

  it('unless its ON UPDATE is another than the one that somebody wrote', () => {
    const written = wanted({ onUpdate: { resolved: 'RESTRICT', explicit: ['RESTRICT'] } });
    expect(isWanted({ onUpdate: 'RESTRICT' }, written)).toBe(true);
    expect(isWanted({ onUpdate: 'CASCADE' }, written)).toBe(false);
  });

  it('with its columns in another order, each with its own partner', () => {
    const both = wanted({ childColumns: ['author', 'tenant'], parentColumns: ['id', 'tenant'] });
    const turned = { childColumns: ['tenant', 'author'], parentColumns: ['tenant', 'id'] };
    expect(isWanted(turned, both)).toBe(true);
    expect(isWanted({ ...turned, parentColumns: ['id', 'tenant'] }, both)).toBe(false);
    expect(isWanted({ ...turned, parentColumns: ['tenant', 'number'] }, both)).toBe(false);
  });
});
