/** Answers the same question once: hundreds of columns, indexes and keys are alike in everything but their names. */
export function once<K, T>(answer: (of: K) => T): (of: K) => T {
  const given = new Map<K, T>();
  return (of) => {
    const before = given.get(of);
    if (before !== undefined) return before;
    const now = answer(of);
    given.set(of, now);
    return now;
  };
}
