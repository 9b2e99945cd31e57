/** True when something is told for the first time, and then once in so many milliseconds. */
export function nowAndThen(ms: number, now: () => number = Date.now): (what: string) => boolean {
  const told = new Map<string, number>();
  return (what) => {
    const last = told.get(what);
    if (last !== undefined && now() - last < ms) return false;
    told.set(what, now());
    return true;
  };
}
