/**
 * Puts a method in front of the one that `target` has or inherits, and returns how to take it away again.
 *
 * Taking it away does nothing when somebody else has put another method in front in the meantime.
 */
export function replaceMethod<T extends object, K extends keyof T>(
  target: T,
  name: K,
  make: (original: T[K]) => T[K],
): () => void {
  const own = Object.getOwnPropertyDescriptor(target, name);
  const replacement = make(target[name]);
  const enumerable = own?.enumerable ?? false;
  Object.defineProperty(target, name, { value: replacement, writable: true, configurable: true, enumerable });
  return () => {
    if (Object.getOwnPropertyDescriptor(target, name)?.value !== replacement) return;
    if (own) Object.defineProperty(target, name, own);
    else Reflect.deleteProperty(target, name);
  };
}
