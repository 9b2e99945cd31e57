import { runInNewContext } from 'node:vm';
import { javascriptString } from '../../src/javascript-string';

it.each([
  'Users',
  "O'Brien",
  'say "so"',
  'back\\slash',
  "\\'",
  '\\"',
  'two\nlines',
  '\u001b[31m',
  '🦴',
  '\ud800',
])('is the text again when it is run: %j', (text) => {
  expect(runInNewContext(javascriptString(text))).toBe(text);
  expect(javascriptString(text)).not.toMatch(/[\n\u001b]/);
});

it('leaves what needs no escape as it is typed', () =>
  expect(javascriptString('say "Users" once')).toBe(`'say "Users" once'`));
