/** Remembers parents that exist, so that they need not be looked up for every child. */
export interface KnownParents {
  has(parent: string): boolean;
  add(parent: string): void;
  delete(parent: string): void;
}

/**
 * A memory for `known`, which forgets what was used longest ago. A parent that somebody else deletes meanwhile stays
 * known: the write then fails over its foreign key and the parent is forgotten, so the next try makes it again.
 */
export function knownParents(size = 10_000): KnownParents {
  const parents = new Set<string>();
  return {
    has(parent) {
      const known = parents.delete(parent);
      if (known) parents.add(parent);
      return known;
    },
    add(parent) {
      parents.delete(parent);
      parents.add(parent);
      const [oldest] = parents;
      if (parents.size > size && oldest !== undefined) parents.delete(oldest);
    },
    delete: (parent) => void parents.delete(parent),
  };
}
