/** True when the data has a field of this name itself: columns may be called `toString`, which every object has. */
export const has = (data: object, name: string): boolean => Object.hasOwn(data, name);

/** What the data itself has under this name. */
export const own = <T>(data: Readonly<Record<string, T>>, name: string): T | undefined =>
  has(data, name) ? data[name] : undefined;
