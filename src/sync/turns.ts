import { setImmediate as soon } from 'node:timers/promises';

/** Lets calls have their turn one after the other. */
export interface Turns<Caller> {
  /** Resolves when it is the caller's turn; the result ends the turn, and must be called. */
  take(caller: Caller): Promise<() => void>;
}

interface Waiting<Caller> {
  readonly caller: Caller;
  readonly call: (endTurn: () => void) => void;
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
      const { call } = next;
      await new Promise<void>((ended) => call(ended));
    }
    busy = false;
  }

  return {
    take: (caller) =>
      new Promise((call) => {
        waiting.push({ caller, call });
        if (!busy) void serve();
      }),
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
