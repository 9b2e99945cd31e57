import type { Outcome, Status } from 'sequelize-fk-guard';

/** Events after which a run can be cut. */
export const EVENTS = ['step', 'stepDone', 'batch', 'retry'] as const;
export type CutEvent = (typeof EVENTS)[number];

/** Where a run is cut. */
export type Place =
  | { readonly statement: number }
  /** The first statement after the event has come so often. */
  | { readonly event: CutEvent; readonly times: number };

/** How far the statement has got: not sent, on its way, or done by the server without the library knowing. */
export type Moment = 'before' | 'under way' | 'unanswered';

export interface Cut {
  readonly place: Place;
  readonly moment: Moment;
  /** The process kills itself there; otherwise it says so and stands still until it is told what has become of it. */
  readonly suicide: boolean;
}

/** What a process is asked for, on the damaged database of a seed. */
export interface Job {
  readonly verb: 'apply' | 'status';
  readonly url: string;
  readonly seed: number;
  readonly cut?: Cut;
}

/** Where it stands still. */
export interface Reached {
  /** Of the session whose statement it is. */
  readonly pid: number;
  readonly statement: number;
  readonly text: string;
  /** How many steps have begun. */
  readonly steps: number;
}

/** What became of a job that has come to an end. */
export interface Ended {
  readonly outcome?: Outcome;
  readonly status?: Status;
  readonly error?: { readonly name: string; readonly code: string; readonly message: string };
  /** Every statement that was sent, in short. */
  readonly statements: readonly string[];
  readonly events: Readonly<Record<CutEvent, number>>;
}

export type Message = { readonly reached: Reached } | { readonly ended: Ended };

/** The answer to `reached`: whether the session of that statement is lost. */
export interface GoOn {
  readonly lost: boolean;
}
