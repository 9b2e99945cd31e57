import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '..', '..');

/** A fenced block. */
export interface Block {
  readonly file: string;
  /** Of its first line of text, from 1. */
  readonly line: number;
  readonly language: string;
  /** What stands behind the language: the file that it is, or what an output is of. */
  readonly name: string;
  readonly text: string;
}

/** A Markdown file, from the root of the repository. */
export interface Document {
  readonly file: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly links: readonly { readonly line: number; readonly to: string }[];
  /** What `#…` may lead to, as GitHub makes it of headings. */
  readonly anchors: ReadonlySet<string>;
}

export function readDocument(file: string): Document {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const blocks: Block[] = [];
  const prose: string[] = [];
  let open: { line: number; info: string; indent: number; lines: string[] } | undefined;
  for (const [at, line] of text.split('\n').entries()) {
    const fence = /^( *)```(.*)$/.exec(line);
    prose.push(open || fence ? '' : line);
    if (open && fence) {
      const [language = '', ...name] = open.info.split(' ');
      blocks.push({ file, line: open.line, language, name: name.join(' '), text: open.lines.join('\n') });
      open = undefined;
    } else if (open) open.lines.push(line.slice(open.indent));
    else if (fence) open = { line: at + 2, info: fence[2] ?? '', indent: fence[1]?.length ?? 0, lines: [] };
  }
  if (open) throw new Error(`${file}:${open.line}: the block does not end.`);
  return { file, text, blocks, links: linksIn(prose), anchors: anchorsIn(prose) };
}

/** README and everything in docs: what its blocks say has to be true. */
export const DOCUMENTS: readonly Document[] = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => relative(ROOT, join(ROOT, 'docs', file)))
    .sort(),
].map(readDocument);

export const BLOCKS: readonly Block[] = DOCUMENTS.flatMap(({ blocks }) => blocks);

export const inLanguage = (...languages: readonly string[]): readonly Block[] =>
  BLOCKS.filter(({ language }) => languages.includes(language));

/** For titles and messages: opens at the block. */
export const placeOf = ({ file, line }: Block): string => `${file}:${line}`;

function linksIn(prose: readonly string[]): Document['links'] {
  return prose.flatMap((line, at) =>
    [...line.replaceAll(/`[^`]*`/g, '``').matchAll(/\]\(([^()\s]+)\)/g)].map(([, to = '']) => ({
      line: at + 1,
      to,
    })),
  );
}

function anchorsIn(prose: readonly string[]): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const line of prose) {
    const heading = /^#{1,6} (.+)$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let n = 1; anchors.has(anchor); n++) anchor = `${slug}-${n}`;
    anchors.add(anchor);
  }
  return anchors;
}
