import { escapeIdentifier } from 'pg';
import type { NameSet } from './name-sets';

/** Gives every name of a case a hostile one, and finds the names of the case again in what was said about those. */
export interface Renaming {
  /** The same name for the same word, always. */
  rename(name: string): string;
  isKnown(name: string): boolean;
  /** SQL that is written by hand, with every name in it renamed that is known by then. */
  renameSql(text: string): string;
  /** What is said about the hostile names, as it would be said about those of the case. */
  back(text: string): string;
  /** What the case says, with one name for those that come to the same hostile one, as keys of two tables may. */
  alike(text: string): string;
  /** From now on this name, which was made out of hostile ones, means that of the case. */
  bind(made: string, name: string): void;
}

/** What comes behind a name means something: a polymorphic sibling, a left-over of REINDEX, a shadow column. */
const MEANING = /(?<=.)(?:_id|Id|_type|Type|_[kK]ind|_ccnew\d*|_ccold\d*|_fk_guard)$/;
/** What is left for it, so that `owner_id` and `owner_type` begin with the same. */
const ROOM = 6;

/** `without`: Sequelize takes quotes out of every name, so that its models cannot mean a table whose name has one. */
export function createRenaming({ name: make, words = false }: NameSet, without: '"' | '' = ''): Renaming {
  const stems = new Map<string, number>();
  const known = new Map<string, string>();
  const alike = new Map<string, string>();
  const made = (name: string): string => {
    const [meaning = ''] = MEANING.exec(name) ?? [];
    const stem = name.slice(0, name.length - meaning.length);
    const place = stems.get(stem) ?? stems.size;
    stems.set(stem, place);
    const nasty = make(place, meaning === '' ? 0 : Math.max(ROOM, meaning.length));
    const whole = (without === '' ? nasty : nasty.replaceAll(without, '')) + meaning;
    if (Buffer.byteLength(whole) > 63) throw new Error(`longer than 63 bytes: ${whole}`);
    return whole;
  };
  const rename = (name: string): string => {
    const renamed = known.get(name) ?? made(name);
    known.set(name, renamed);
    return renamed;
  };
  const longestFirst = (): readonly (readonly [string, string])[] =>
    [...known].toSorted(([, a], [, b]) => b.length - a.length);
  return {
    rename,
    isKnown: (name) => known.has(name),
    renameSql: (text) =>
      text.replace(TOKEN, (token, quoted: string | undefined) => {
        const name = quoted === undefined ? token : quoted.replaceAll('""', '"');
        return known.has(name) ? escapeIdentifier(rename(name)) : token;
      }),
    back: (text) =>
      longestFirst().reduce((said, [name, hostile]) => withName(said, hostile, name, words), text),
    alike: (text) => [...alike].reduce((said, [name, first]) => said.replaceAll(name, () => first), text),
    bind(hostile, name) {
      const first = [...known].find(([, made]) => made === hostile)?.[0];
      if (first !== undefined && first !== name) alike.set(name, first);
      known.set(name, hostile);
    },
  };
}

/** A literal stays what it is; a quoted name and a bare one are names. */
const TOKEN = /'(?:[^']|'')*'|"((?:[^"]|"")+)"|[A-Za-z_]\w*/g;

const unchanged = (text: string): string => text;
const ESCAPES = [
  (text: string) => text.replaceAll('"', '""'),
  (text: string) => text.replaceAll('\\', '\\\\'),
  (text: string) => text.replaceAll("'", "''"),
] as const;

/** In a string of JavaScript, as what the author of a model has written is repeated. */
const inJavaScript = (text: string): string =>
  JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");

/** Every way in which a name can stand in SQL: bare, in quotes, in a constant, in quotes in a constant; and in JavaScript. */
function spellings(name: string): readonly string[] {
  const ways = ESCAPES.reduce<readonly ((text: string) => string)[]>(
    (all, escape) => [...all, ...all.map((way) => (text: string) => escape(way(text)))],
    [unchanged],
  );
  return [...ways, inJavaScript].map((way) => way(name));
}

function withName(text: string, made: string, name: string, words: boolean): string {
  const [from, to] = [spellings(made), spellings(name)];
  return [...from.keys()]
    .sort((a, b) => (from[b]?.length ?? 0) - (from[a]?.length ?? 0))
    .reduce((said, i) => replaced(said, from[i] ?? '', to[i] ?? '', words), text);
}

const replaced = (text: string, from: string, to: string, words: boolean): string =>
  words ? text.replace(new RegExp(`(?<!\\w)${from}(?!\\w)`, 'g'), () => to) : text.replaceAll(from, () => to);
