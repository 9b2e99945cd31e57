import * as v from 'valibot';

/** The same schema, for an object as one writes it: no list, date, map or class, and no field that would be lost. */
export const plain = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.pipe(v.custom<v.InferInput<Schema>>(isPlain, 'must be an object as in { … }'), schema);

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  // By shape: the object may come from another realm, whose Object is another one.
  const isObject =
    prototype === null || (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'toString'));
  return isObject && !LOST.some((name) => Object.hasOwn(value, name));
}

/** No option and no relation has such a name; behind one a setting would be dropped without a word. */
const LOST = ['__proto__', 'constructor', 'prototype'];

/**
 * Reads everything once, because somebody else's getter may throw at any time: which option it is, or `undefined` when
 * all can be read. What holds itself is no deeper than options are.
 */
export function whyUnreadable(value: unknown, path = 'options', depth = 0): string | undefined {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return undefined;
  try {
    for (const key of Object.keys(value)) {
      const below = depth === 0 ? key : `${path}.${key}`;
      const why = read(value, key, below) ?? whyUnreadable(Reflect.get(value, key), below, depth + 1);
      if (why !== undefined) return why;
    }
    return undefined;
  } catch {
    return cannotBeRead(path);
  }
}

/** `relations['X.y'].reparent.column` is the deepest; beside options there may be a whole application, as in a logger. */
const DEEPEST = 3;

function read(value: object, key: string, path: string): string | undefined {
  try {
    Reflect.get(value, key);
    return undefined;
  } catch {
    return cannotBeRead(path);
  }
}

const cannotBeRead = (path: string): string => `"${path}" cannot be read`;

/** A name that PostgreSQL neither cuts, refuses nor keeps for itself. */
export const isSchemaName = (name: unknown): boolean =>
  typeof name === 'string' &&
  name !== '' &&
  !name.includes('\0') &&
  // Half a character would become another one on its way.
  Buffer.from(name).toString() === name &&
  Buffer.byteLength(name) <= 63 &&
  !name.startsWith('pg_') &&
  name !== 'information_schema';
