import { AsyncLocalStorage } from 'node:async_hooks';

/** The calls that a call happens inside of, with the sessions that hold the single-runner lock for them. */
interface Surroundings {
  readonly pids: Set<string>;
  readonly outer: Surroundings | undefined;
}

// One for all, and only while there is a call to follow: before Node 24 each storage costs something at every promise of
// the process, those of the application among them.
const surroundings = new AsyncLocalStorage<Surroundings>();
let followed = 0;

/** Follows calls of one kind through promises. */
export interface Calls<Call> {
  /** Runs `work` so that what is called in it knows this call, and what is held for it, until the last call has ended. */
  around<T>(call: Call, work: () => Promise<T>): Promise<T>;
  /** The innermost call of this kind that one is inside of. */
  present(): Call | undefined;
}

export function followCalls<Call>(): Calls<Call> {
  const calls = new WeakMap<Surroundings, Call>();
  return {
    async around(call, work) {
      const own: Surroundings = { pids: new Set(), outer: surroundings.getStore() };
      calls.set(own, call);
      followed++;
      try {
        return await surroundings.run(own, work);
      } finally {
        followed--;
        if (followed === 0) surroundings.disable();
      }
    },
    present() {
      for (const around of outwards()) if (calls.has(around)) return calls.get(around);
      return undefined;
    },
  };
}

/** Notes that this session holds the lock for the call that is going on; returns how to take that back. */
export function noteHolder(pid: string): () => void {
  const pids = surroundings.getStore()?.pids;
  pids?.add(pid);
  return () => void pids?.delete(pid);
}

/** True when this session holds the lock for a call that waits for the present one: waiting for it would never end. */
export function isAround(pid: string): boolean {
  for (const { pids } of outwards()) if (pids.has(pid)) return true;
  return false;
}

function* outwards(): Iterable<Surroundings> {
  for (let around = surroundings.getStore(); around; around = around.outer) yield around;
}
