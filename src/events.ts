import type { Finding } from './finding';
import type { Report, StepResult } from './outcome';

/** What the guard tells while it works. The library itself never prints. */
export interface GuardEvents {
  /** A look at the database has ended. */
  inspect: { readonly report: Report };
  finding: { readonly finding: Finding };
  /** A step begins. */
  step: { readonly id: string; readonly title: string; readonly rows: number };
  stepDone: { readonly result: StepResult };
  /** One transaction of a clean-up was committed. */
  batch: { readonly step: string; readonly rowsDone: number; readonly rowsTotal: number };
  /** A lock could not be had; the statement is tried again. */
  retry: { readonly what: string; readonly attempt: number; readonly waitMs: number; readonly code: string };
  /** Another guard is at work on the same database. */
  wait: { readonly waitedMs: number };
  verify: { readonly report: Report };
  /** Something that a person should know although nothing failed. */
  warning: { readonly message: string };
}

export type GuardListener<E extends keyof GuardEvents> = (event: GuardEvents[E]) => void;

/** A typed emitter; a listener that throws does not stop a repair. */
export interface Events {
  on<E extends keyof GuardEvents>(event: E, listener: GuardListener<E>): () => void;
  emit<E extends keyof GuardEvents>(event: E, payload: GuardEvents[E]): void;
}

export function createEvents(): Events {
  const listeners = new Map<keyof GuardEvents, Set<(payload: never) => void>>();
  return {
    on(event, listener) {
      const own = listeners.get(event) ?? new Set();
      listeners.set(event, own.add(listener));
      return () => void own.delete(listener);
    },
    emit(event, payload) {
      for (const listener of listeners.get(event) ?? []) {
        try {
          listener(payload as never);
        } catch {
          // A listener is somebody else's code: its mistake must not interrupt a repair half way.
        }
      }
    },
  };
}
