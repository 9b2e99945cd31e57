import { setImmediate as soon } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

/** Lets calls have their turn one after the other. */
export interface Turns<Caller> {
  /**
   * Does the work when it is the caller's turn. Where the same caller waits already with the same options its work
   * will do for both: then this is its result.
   */
  run<T>(caller: Caller, options: unknown, work: () => Promise<T>): Promise<T>;
}

interface Waiting<Caller> {
  readonly caller: Caller;
  readonly options: unknown;
  readonly begin: (endTurn: () => void) => void;
  readonly result: Promise<unknown>;
}

/**
 * Of those that wait, the one with the lowest rank is next, and of equals the one that came first. The first turn
 * begins a moment after it was asked for, so that calls made together (`Promise.all`) are ranked together. When the
 * ranks cannot be told they go as they came: what is wrong with the models their own syncs will say.
 */
export function createTurns<Caller>(rank: () => (caller: Caller) => number): Turns<Caller> {
  const waiting: Waiting<Caller>[] = [];
  let busy = false;

  async function serve(): Promise<void> {
    busy = true;
    await soon();
    for (let next = lowest(waiting, rank); next; next = lowest(waiting, rank)) {
      const { begin } = next;
      await new Promise<void>((ended) => begin(ended));
    }
    busy = false;
  }

  return {
    run<T>(caller: Caller, options: unknown, work: () => Promise<T>): Promise<T> {
      const like = waiting.find(
        (other) => other.caller === caller && isDeepStrictEqual(other.options, options),
      );
      if (like) return like.result as Promise<T>;
      let begin: (endTurn: () => void) => void = () => undefined;
      const turn = new Promise<() => void>((resolve) => (begin = resolve));
      // The work is done in the caller's own asynchronous context, which may hold a transaction or a request.
      const result = turn.then((endTurn) => work().finally(endTurn));
      waiting.push({ caller, options, begin, result });
      if (!busy) void serve();
      return result;
    },
  };
}

/** Takes it out of the list. */
function lowest<Caller>(
  waiting: Waiting<Caller>[],
  rank: () => (caller: Caller) => number,
): Waiting<Caller> | undefined {
  if (waiting.length > 1)
    try {
      const of = rank();
      // The sort is stable: equals stay as they came.
      waiting.sort((a, b) => of(a.caller) - of(b.caller));
    } catch {
      return waiting.shift();
    }
  return waiting.shift();
}
