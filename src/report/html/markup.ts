import { visible } from '../../visible';

/** A piece of HTML or SVG in which everything that was not written in this folder is escaped. */
export interface Html {
  readonly markup: string;
}

type Value = Html | string | number | readonly Html[];

/** A template whose values are escaped unless they are `Html`; characters that nobody sees are written out. */
export const html = (parts: TemplateStringsArray, ...values: readonly Value[]): Html => ({
  markup: parts.reduce((text, part, i) => text + written(values[i - 1]) + part),
});

/** Nothing to see. */
export const NOTHING: Html = { markup: '' };

/** Text of this folder's own, such as its style sheet, as it stands. */
export const ownText = (markup: string): Html => ({ markup });

/** A sentence in which `words in backticks` are code, as the registry of problems writes them. */
export const sentence = (text: string): Html => ({
  markup: escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>'),
});

/** SQL and options: line breaks stay. */
export const lines = (text: string): Html => ({ markup: text.split('\n').map(escaped).join('\n') });

function written(value: Value | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string =>
  visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
