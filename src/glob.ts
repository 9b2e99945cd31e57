/**
 * True when the whole name fits the pattern: `*` stands for any characters, `?` for one. No regular expression, whose
 * time would grow with the power of the stars; here only the last star that was passed is ever moved on.
 */
export function matchesGlob(name: string, pattern: string): boolean {
  const [letters, signs] = [[...name], [...pattern]];
  let [at, sign] = [0, 0];
  let star: { readonly sign: number; readonly at: number } | undefined;
  while (at < letters.length) {
    if (signs[sign] === '*') star = { sign: sign++, at };
    else if (signs[sign] === '?' || signs[sign] === letters[at]) [at, sign] = [at + 1, sign + 1];
    else if (star) {
      star = { sign: star.sign, at: star.at + 1 };
      [at, sign] = [star.at, star.sign + 1];
    } else return false;
  }
  return signs.slice(sign).every((left) => left === '*');
}
