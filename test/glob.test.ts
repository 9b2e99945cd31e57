import { matchesGlob } from '../src/glob';

test.each([
  ['User', 'User', true],
  ['User', 'user', false],
  ['User', 'Use', false],
  ['User', '*', true],
  ['', '*', true],
  ['', '?', false],
  ['audit.logs', 'audit.*', true],
  ['auditxlogs', 'audit.*', false],
  ['a.b(c)+[d]', 'a.b(c)+[d]', true],
  ['Users', 'U*s*s', true],
  ['Us', 'U*s*s', false],
  ['Us🦴rs', 'Us?rs', true],
  ['line\nbreak', 'line*', true],
  ['line\nbreak', 'line?break', true],
  ['abc', '**c', true],
  ['abcd', '**c', false],
])('%j fits %j: %s', (name, pattern, fits) => {
  expect(matchesGlob(name, pattern)).toBe(fits);
});

it('is quick with a pattern that would keep a regular expression busy for years', () => {
  expect(matchesGlob('a'.repeat(63), `${'a*'.repeat(40)}b`)).toBe(false);
});
