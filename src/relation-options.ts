import type { RelationOptions } from './options';

/** What the options of one relation say against each other, for the error that names it. */
export function contradictionsIn(id: string, options: RelationOptions): readonly string[] {
  return CONTRADICTIONS.flatMap(({ holds, words }) =>
    holds(options) ? [`"relations.${id}" contradicts itself: ${words}`] : [],
  );
}

interface Contradiction {
  readonly holds: (options: RelationOptions) => boolean;
  readonly words: string;
}

const isSet = (value: unknown): boolean => value !== undefined;
const decides = ({ orphans }: RelationOptions): boolean => isSet(orphans) && orphans !== 'auto';

const CONTRADICTIONS: readonly Contradiction[] = [
  {
    holds: ({ reparent, createParent }) => isSet(reparent) && isSet(createParent),
    words:
      '"reparent" gives the orphans a parent that exists, "createParent" makes the missing one; keep one',
  },
  {
    holds: (options) => isSet(options.reparent) && decides(options),
    words: '"reparent" already says what happens to its orphans, and "orphans" says something else; keep one',
  },
  {
    holds: (options) => isSet(options.createParent) && decides(options),
    words:
      '"createParent" already says what happens to its orphans, and "orphans" says something else; keep one',
  },
  {
    holds: ({ disposable, reparent, createParent }) =>
      disposable === true && (isSet(reparent) || isSet(createParent)),
    words:
      'rows that are "disposable" need no parent, and "reparent" or "createParent" gives them one; keep one',
  },
  {
    holds: ({ disposable, orphans }) => disposable === true && orphans === 'keep',
    words: 'rows that are "disposable" may be thrown away, and "orphans" says \'keep\'; keep one',
  },
  {
    holds: ({ disposable, remap }) => disposable === true && isSet(remap),
    words: 'rows that are "disposable" go when their key does not fit, and "remap" translates it; keep one',
  },
];
