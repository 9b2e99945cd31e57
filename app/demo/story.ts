import { styleText } from 'node:util';

/** Tells the demo as numbered chapters, and keeps count of what it claims. */
export interface Story {
  chapter(title: string): void;
  say(text: string): void;
  /** Words of somebody else: an error, a statement, a finding. */
  quote(text: string): void;
  /** Prints a tick or a cross; a claim that is false makes the demo fail. */
  claim(text: string, isTrue: boolean): void;
  /** The closing line. True only when as many claims as expected were made, and all of them hold. */
  end(expectedClaims: number): boolean;
}

type Style = Parameters<typeof styleText>[0];

/** A story on this stream; in colour only on a terminal. */
export function createStory(out: NodeJS.WriteStream = process.stdout): Story {
  const start = performance.now();
  const paint = (style: Style, text: string): string =>
    out.isTTY ? styleText(style, text, { stream: out }) : text;
  const print = (line: string): void => void out.write(`${line}\n`);
  let chapters = 0;
  let held = 0;
  let broken = 0;
  return {
    chapter: (title) => print(`\n${paint('bold', `${++chapters}. ${title}`)}\n`),
    say: (text) => print(`   ${text}`),
    quote: (text) => print(paint('dim', text.replace(/^/gm, '     | '))),
    claim(text, isTrue) {
      if (isTrue) held++;
      else broken++;
      print(`   ${isTrue ? paint('green', '✓') : paint('red', '✗')} ${text}`);
    },
    end(expectedClaims) {
      const complete = broken === 0 && held === expectedClaims;
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      const missing = Math.max(0, expectedClaims - held - broken);
      const line = `${held} of ${expectedClaims} claims checked and true, ${broken} false, ${missing} not reached (${seconds} s).`;
      print(`\n${paint(complete ? 'green' : 'red', line)}`);
      return complete;
    },
  };
}
