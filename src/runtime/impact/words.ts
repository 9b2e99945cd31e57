/** Each name once: `a`, `a and b`, `a, b and c`. */
export function listedNames(names: readonly string[]): string {
  const all = [...new Set(names)].sort();
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}
