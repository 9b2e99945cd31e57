import { channel, type Channel } from 'node:diagnostics_channel';
import type { Finding } from './finding';
import type { Report, StepResult } from './outcome';

/** What the guard tells while it works. The library itself never prints. */
export interface GuardEvents {
  /** A look at the database has ended. */
  inspect: { readonly report: Report };
  /** One for each finding of that look. */
  finding: { readonly finding: Finding };
  /** A step begins. */
  step: { readonly id: string; readonly title: string; readonly rows: number };
  /** It has ended, one way or the other: `result.status` says which. */
  stepDone: { readonly result: StepResult };
  /** One transaction of a clean-up, or of a conversion, was committed. */
  batch: {
    readonly step: string;
    readonly rowsDone: number;
    readonly rowsTotal: number;
    /** Of the step's own list; rows that come in meanwhile are in the next one. */
    readonly rowsLeft: number;
    readonly rowsPerSecond: number;
    /** How long the rest takes at this rate. */
    readonly msLeft: number;
    /** How long this batch has waited for its locks; the rate does not count that. */
    readonly lockWaitMs: number;
  };
  /** A lock could not be had, or not without making others wait; it is tried again. `blockers` is empty where nobody is seen. */
  retry: {
    readonly what: string;
    readonly attempt: number;
    readonly waitMs: number;
    readonly code: string;
    /** Since the first try. */
    readonly waitedMs: number;
    /** Who is in the way, as `pid 4711 (app, idle in transaction, for 12 s)`. */
    readonly blockers: string;
  };
  /** A sentinel, or a standby that is behind, holds the run up; told again and again while it lasts. */
  pause: { readonly reason: 'sentinel' | 'lag'; readonly why: string; readonly waitedMs: number };
  /** Nothing holds it up any more. */
  resume: { readonly reason: 'sentinel' | 'lag'; readonly waitedMs: number };
  /** Another guard is at work on the same database. */
  wait: { readonly waitedMs: number };
  /** The look after a repair has ended. */
  verify: { readonly report: Report };
  /** A statement has ended; `failed` is the SQLSTATE. Its constants may be values of rows. */
  statement: { readonly sql: string; readonly ms: number; readonly failed?: string };
  /** Something that a person should know although nothing failed. */
  warning: { readonly message: string };
}

/** What `guard.on(event, listener)` calls. What it throws is ignored, and no promise is waited for. */
export type GuardListener<E extends keyof GuardEvents> = (event: GuardEvents[E]) => void;

/** A typed emitter; a listener that throws does not stop a repair. */
export interface Events {
  on<E extends keyof GuardEvents>(event: E, listener: GuardListener<E>): () => void;
  emit<E extends keyof GuardEvents>(event: E, payload: GuardEvents[E]): void;
}

/** The same events for whoever listens in the process, whichever guard they come from (`node:diagnostics_channel`). */
function publish<E extends keyof GuardEvents>(event: E, payload: GuardEvents[E]): void {
  const known = channels.get(event) ?? channel(`sequelize-fk-guard:${event}`);
  // Nobody else keeps a channel that nobody has subscribed to yet.
  channels.set(event, known);
  if (known.hasSubscribers) known.publish(payload);
}

const channels = new Map<keyof GuardEvents, Channel>();

export function createEvents(): Events {
  const listeners = new Map<keyof GuardEvents, Set<(payload: never) => void>>();
  return {
    on(event, listener) {
      const own = listeners.get(event) ?? new Set();
      listeners.set(event, own.add(listener));
      return () => void own.delete(listener);
    },
    emit(event, payload) {
      publish(event, payload);
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
