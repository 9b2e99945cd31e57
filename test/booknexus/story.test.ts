import { PassThrough } from 'node:stream';
import { createStory } from '../../app/demo/story';

function told(claims: readonly boolean[], expected: number): { held: boolean; text: string } {
  const out = new PassThrough();
  const story = createStory(out as unknown as NodeJS.WriteStream);
  story.chapter('A chapter');
  for (const claim of claims) story.claim(`a claim that is ${claim}`, claim);
  const held = story.end(expected);
  return { held, text: String(out.read()) };
}

test('holds when every claim was made and is true', () => {
  const { held, text } = told([true, true], 2);
  expect(held).toBe(true);
  expect(text).toContain('1. A chapter');
  expect(text).toContain('✓ a claim that is true');
  expect(text).toMatch(/2 of 2 claims checked and true, 0 false, 0 not reached/);
});

test.each([
  ['a claim is false', [true, false], 2, /✗ a claim that is false/],
  ['a claim was not reached', [true], 2, /1 of 2 claims checked and true, 0 false, 1 not reached/],
  ['a claim was made that nobody expected', [true, true, true], 2, /3 of 2 claims/],
] as const)('does not hold when %s', (_what, claims, expected, line) => {
  const { held, text } = told(claims, expected);
  expect(held).toBe(false);
  expect(text).toMatch(line);
});

test('has no colours where there is no terminal', () => {
  expect(told([true, false], 2).text).not.toContain('\u001b');
});
