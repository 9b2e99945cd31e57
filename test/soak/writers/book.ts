import type { Random } from '../../generator/random';
import { childrenOf, firstNewId, isMissing, ownerOf, PARENTS } from './tables';

/** A row as a client has left it, or what has become of it by the client's own doing. */
export interface Child {
  readonly parent: number;
  readonly note: string;
  /**
   * `here`: it has a parent and must be there. `orphan`: it was written, or left, without one. `bereaved`: the client has
   * deleted its parent, so that a key or the guard takes it along. `deleted`: by the client.
   */
  readonly fate: 'here' | 'orphan' | 'bereaved' | 'deleted';
}

export interface Parent {
  readonly here: boolean;
  /** For one that was missing in the beginning: a time by the server's clock at which its coming was committed. */
  readonly back?: string;
}

export interface Low {
  readonly child: number;
  readonly note: string;
}

/** What one client has committed. No other client touches the same rows, so it is all there is to know about them. */
export interface Book {
  /** Rows that differ from what they were in the beginning. */
  readonly children: ReadonlyMap<number, Child>;
  readonly parents: ReadonlyMap<number, Parent>;
  readonly lows: ReadonlyMap<number, Low>;
  newId(): number;
  noteChild(id: number, child: Child): void;
  noteParent(id: number, parent: Parent): void;
  noteLow(id: number, low: Low): void;
  livingParent(): number;
  /** One that was missing from the beginning, and still is. */
  missingParent(): number;
  /** One that was missing and may come back; none when half of all have. */
  returningParent(): number | undefined;
  livingChild(): { readonly id: number; readonly parent: number };
  /** Every child of a parent that is there. */
  family(parent: number): readonly number[];
}

/** Rows that were made lately are chosen as often as all old ones together. */
const LATELY = 500;

export function openBook(client: number, random: Random): Book {
  const children = new Map<number, Child>();
  const parents = new Map<number, Parent>();
  const lows = new Map<number, Low>();
  const noted = new Map<number, Set<number>>();
  const made: number[] = [];
  const first = Array.from({ length: PARENTS }, (_, i) => i + 1).filter((id) => ownerOf(id) === client);
  const [present, missing] = [first.filter((id) => !isMissing(id)), first.filter(isMissing)];
  const returning = missing.filter((_, position) => position % 2 === 0);
  let last = firstNewId(client);
  const isHere = (id: number): boolean => parents.get(id)?.here ?? (id <= PARENTS && !isMissing(id));
  const until = <T>(fits: (found: T) => boolean, find: () => T): T => {
    for (;;) {
      const found = find();
      if (fits(found)) return found;
    }
  };
  const book: Book = {
    children,
    parents,
    lows,
    newId: () => ++last,
    noteChild(id, child) {
      noted.get(children.get(id)?.parent ?? 0)?.delete(id);
      children.set(id, child);
      if (child.fate === 'here') noted.set(child.parent, (noted.get(child.parent) ?? new Set()).add(id));
    },
    noteParent(id, parent) {
      if (parent.here && id > PARENTS) made.push(id);
      parents.set(id, parent);
    },
    noteLow: (id, low) => void lows.set(id, low),
    livingParent: () =>
      until(isHere, () => random.pick(made.length > 0 && random.chance(0.5) ? made.slice(-LATELY) : present)),
    missingParent: () =>
      until(
        (id) => !isHere(id),
        () => random.pick(missing),
      ),
    returningParent: () => returning.pop(),
    livingChild() {
      const parent = until((id) => book.family(id).length > 0, book.livingParent);
      return { id: random.pick(book.family(parent)), parent };
    },
    family: (parent) => [
      ...(parent <= PARENTS ? childrenOf(parent).filter((id) => !children.has(id)) : []),
      ...(noted.get(parent) ?? []),
    ],
  };
  return book;
}
