import { visible, visibleLines } from '../visible';

/** Breaks what GitHub would make a mention, a reference or a link of; a comment ends no word that a reader sees. */
const APART = '<!-- -->';

/** Text on one line that Markdown shows as it is: no markup, no HTML, no cell border, no mention, no link. */
export const plainMarkdown = (text: string): string =>
  apart(
    visible(text)
      .replace(/[\\`*_{}[\]!|~$#]/g, '\\$&')
      .replace(/^(\s*)([-+=]|\d+(?=[.)]))/, '$1\\$2')
      .replace(/^(\s*)\\(\d+)([.)])/, '$1$2\\$3'),
  );

/** The same between HTML tags, where Markdown has no say. */
export const plainHtml = (text: string): string => apart(visible(text));

const apart = (text: string): string =>
  text
    .replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? '')
    .replace(/[@#]/g, (character) => `${character}${APART}`)
    .replace(/:(?=\/\/)/g, `:${APART}`)
    .replace(/\bwww\./gi, (word) => word.replace('.', `${APART}.`));

/** A fenced block; the fence is longer than any run of backticks in it. */
export function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${visibleLines(text).trimEnd()}\n${fence}`;
}

/** Something to unfold; the summary is HTML. */
export const folded = (summary: string, body: string): string =>
  `<details>\n<summary>${summary}</summary>\n\n${body}\n\n</details>`;
