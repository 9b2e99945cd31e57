/** Makes the n-th of a set of nasty names; all names of one set differ, whatever `n`. At most 63 bytes with `room` left. */
export interface NameSet {
  readonly title: string;
  /** True where the names are words that other text may hold too, so that they count only as whole words. */
  readonly words?: boolean;
  name(n: number, room: number): string;
}

/** PostgreSQL cuts a name at this many bytes, never within a character. */
const MOST = 63;

const numbered = (n: number): string => String(n).padStart(2, '0');

/** A list of words, and numbered ones of them where it is too short. */
const fromList = (words: readonly string[]) => (n: number) => {
  const round = Math.floor(n / words.length);
  return `${words[n % words.length]}${round === 0 ? '' : round}`;
};

/** Filled up with the character until not one byte is left. */
function filled(start: string, character: string, end: string, room: number): string {
  const free = MOST - room - Buffer.byteLength(start) - Buffer.byteLength(end);
  const size = Buffer.byteLength(character);
  return `${start}${'x'.repeat(free % size)}${character.repeat(Math.floor(free / size))}${end}`;
}

/** What has broken other programs. */
export const NAME_SETS: readonly NameSet[] = [
  {
    title: 'injected statements',
    name: (n) => `a"; drop table "victim"; --${numbered(n)}`,
  },
  {
    title: 'quotes and placeholders',
    name: (n) => `'"\\'' $$ %s %I :name ? $1 ${numbered(n)}\\`,
  },
  {
    title: 'white space and control characters',
    name: (n) => ` \tA\nB\r${numbered(n)}\u001b[31m\u0007\u202e\u200b\ufeff\u0085 `,
  },
  {
    title: 'punctuation of our own notations',
    name: (n) => `A.B(c,${numbered(n)})->"D".*?[e]{f}:1/../\``,
  },
  {
    title: '63 bytes that differ at their beginning',
    name: (n, room) => filled(`É${numbered(n)}`, '🦴', '', room),
  },
  {
    title: '63 bytes that differ at their end',
    name: (n, room) => filled('ﬀ', '🦴', numbered(n), room),
  },
  {
    title: 'reserved words',
    words: true,
    name: fromList(
      'placing asymmetric lateral tablesample ilike notnull isnull overlaps symmetric similar natural variadic collation verbose localtime session_user current_catalog current_role intersect fetch trailing leading tableoid_ freeze binary collate'.split(
        ' ',
      ),
    ),
  },
  {
    title: 'what every object of JavaScript has',
    words: true,
    name: fromList(
      '__proto__ constructor prototype toString valueOf hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toJSON __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__'.split(
        ' ',
      ),
    ),
  },
];

/** The worst of them in one. */
export const NASTIEST: NameSet = {
  title: 'everything at once',
  name: (n) => ` 🦴"; drop table "victim"; --\n'\\$$${numbered(n)}\u001b[31m%s.(a,b) `,
};
