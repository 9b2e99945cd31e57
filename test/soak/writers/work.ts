import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../../generator/random';
import type { Book } from './book';
import { childrenOf } from './tables';

/** One connection: runs a statement, which is measured, and gives its number of rows. */
export type Run = (text: string, values?: readonly unknown[]) => Promise<number>;

/** A client at work: two connections, what it has committed, and its dice. */
export interface Writer {
  readonly run: Run;
  /** Sees only what the other connection has committed. */
  readonly beside: Run;
  /** The server's clock, after a commit. */
  readonly now: () => Promise<string>;
  readonly book: Book;
  readonly random: Random;
}

/** Something that a client does. A key may object (23503) only where the row named by `mayLack` says so. */
export type Piece = (writer: Writer) => Promise<void>;

const INSERT_PARENT = 'insert into parent values ($1, $2)';
const INSERT_CHILD = 'insert into child values ($1, $2, $3)';
const INSERT_LOW = 'insert into low values ($1, $2, $3)';

/** Runs an insert that a key may refuse, because the parent is missing as far as its connection can see. */
async function isTaken(run: Run, text: string, values: readonly unknown[]): Promise<boolean> {
  try {
    await run(text, values);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === '23503') return false;
    throw error;
  }
}

const insertFamily =
  (longest: number): Piece =>
  async ({ run, book, random }) => {
    const [parent, ids] = [book.newId(), [book.newId(), book.newId()]];
    const low = book.newId();
    const wait = () => pause(random.below(longest));
    await run('begin');
    await run(INSERT_PARENT, [parent, 'new']);
    if (longest > 0) await wait();
    for (const id of ids) await run(INSERT_CHILD, [id, parent, 'new']);
    await run(INSERT_LOW, [low, ids[0], 'new']);
    if (longest > 0) await wait();
    await run('commit');
    book.noteParent(parent, { here: true });
    for (const id of ids) book.noteChild(id, { parent, note: 'new', fate: 'here' });
    book.noteLow(low, { child: ids[0] ?? 0, note: 'new' });
  };

const insertChild: Piece = async ({ run, book }) => {
  const [id, parent] = [book.newId(), book.livingParent()];
  await run(INSERT_CHILD, [id, parent, 'more']);
  book.noteChild(id, { parent, note: 'more', fate: 'here' });
};

const insertLow: Piece = async ({ run, book }) => {
  const [id, child] = [book.newId(), book.livingChild().id];
  await run(INSERT_LOW, [id, child, 'more']);
  book.noteLow(id, { child, note: 'more' });
};

const insertOrphan: Piece = async ({ run, book }) => {
  const [id, parent] = [book.newId(), book.missingParent()];
  if (await isTaken(run, INSERT_CHILD, [id, parent, 'orphan']))
    book.noteChild(id, { parent, note: 'orphan', fate: 'orphan' });
};

/** The parent is there, and nobody but its own connection can see it. */
const insertUnderOpenParent: Piece = async ({ run, beside, book, random }) => {
  const [parent, id] = [book.newId(), book.newId()];
  await run('begin');
  await run(INSERT_PARENT, [parent, 'open']);
  const taken = await isTaken(beside, INSERT_CHILD, [id, parent, 'early']);
  await pause(random.below(150));
  await run('commit');
  book.noteParent(parent, { here: true });
  if (taken) book.noteChild(id, { parent, note: 'early', fate: 'here' });
};

const bringParentBack: Piece = async ({ run, now, book, random }) => {
  const parent = book.returningParent();
  if (parent === undefined) return;
  await run('begin');
  await run(INSERT_PARENT, [parent, 'back']);
  await pause(random.below(100));
  await run('commit');
  book.noteParent(parent, { here: true, back: await now() });
};

const updateParent: Piece = async ({ run, book }) => {
  await run(`update parent set note = 'again' where id = $1`, [book.livingParent()]);
};

const updateChild: Piece = async ({ run, book }) => {
  const { id, parent } = book.livingChild();
  await run(`update child set note = 'again' where id = $1`, [id]);
  book.noteChild(id, { parent, note: 'again', fate: 'here' });
};

const moveChild: Piece = async ({ run, book }) => {
  const [{ id }, parent] = [book.livingChild(), book.livingParent()];
  await run(`update child set parent_id = $2, note = 'moved' where id = $1`, [id, parent]);
  book.noteChild(id, { parent, note: 'moved', fate: 'here' });
};

const updateOrphan: Piece = async ({ run, book, random }) => {
  const parent = book.missingParent();
  const id = random.pick(childrenOf(parent));
  const found = await run(`update child set note = 'seen' where id = $1 and parent_id = $2`, [id, parent]);
  if (found > 0) book.noteChild(id, { parent, note: 'seen', fate: 'orphan' });
};

const adoptOrphan: Piece = async ({ run, book, random }) => {
  const [id, parent] = [random.pick(childrenOf(book.missingParent())), book.livingParent()];
  const found = await run(`update child set parent_id = $2, note = 'found' where id = $1`, [id, parent]);
  if (found > 0) book.noteChild(id, { parent, note: 'found', fate: 'here' });
};

const deleteChild: Piece = async ({ run, book }) => {
  const { id, parent } = book.livingChild();
  await run('delete from child where id = $1', [id]);
  book.noteChild(id, { parent, note: 'deleted', fate: 'deleted' });
};

const deleteParent: Piece = async ({ run, book }) => {
  const parent = book.livingParent();
  await run('delete from parent where id = $1', [parent]);
  for (const id of book.family(parent)) book.noteChild(id, { parent, note: 'bereaved', fate: 'bereaved' });
  book.noteParent(parent, { here: false });
};

/** What most clients do, in the shares that they do it. */
export const QUICK: readonly Piece[] = (
  [
    [4, insertFamily(0)],
    [4, insertChild],
    [2, insertLow],
    [1, insertOrphan],
    [2, updateParent],
    [3, updateChild],
    [2, moveChild],
    [1, updateOrphan],
    [1, adoptOrphan],
    [2, deleteChild],
    [2, deleteParent],
  ] as const
).flatMap(([share, piece]) => Array<Piece>(share).fill(piece));

/** What the others do, now and then: they hold their locks for longer than the guard waits. */
export const SLOW: readonly Piece[] = [insertFamily(80), insertUnderOpenParent, bringParentBack];
