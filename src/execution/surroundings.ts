import { AsyncLocalStorage } from 'node:async_hooks';

/** The syncs that a call happens inside of, with the sessions that hold the single-runner lock for them. */
interface Surroundings {
  readonly pids: Set<string>;
  readonly outer: Surroundings | undefined;
}

const surroundings = new AsyncLocalStorage<Surroundings>();

/** Runs `work` so that what is called in it knows what this call holds. */
export const withSurroundings = <T>(work: () => T): T =>
  surroundings.run({ pids: new Set(), outer: surroundings.getStore() }, work);

/** Notes that this session holds the lock for the call that is going on; returns how to take that back. */
export function noteHolder(pid: string): () => void {
  const pids = surroundings.getStore()?.pids;
  pids?.add(pid);
  return () => void pids?.delete(pid);
}

/** True when this session holds the lock for a call that waits for the present one: waiting for it would never end. */
export function isAround(pid: string): boolean {
  for (let around = surroundings.getStore(); around; around = around.outer)
    if (around.pids.has(pid)) return true;
  return false;
}
