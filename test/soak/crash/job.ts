import type { Outcome, Status } from 'sequelize-fk-guard';

/** The number of a statement of the run, from 1; or the one after a step's first try for its lock. */
export type Place = number | 'retry';

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
  /** The step in hand, from 1; 0 between steps. */
  readonly step: number;
}

/** A statement that was sent, in short, and the step that it belongs to; 0 between steps. */
export interface Sent {
  readonly text: string;
  readonly step: number;
}

/** What became of a job that has come to an end. */
export interface Ended {
  readonly outcome?: Outcome;
  readonly status?: Status;
  readonly error?: { readonly name: string; readonly code: string; readonly message: string };
  readonly statements: readonly Sent[];
}

export type Message = { readonly reached: Reached } | { readonly ended: Ended };

/** The answer to `reached`: whether the session of that statement is lost. */
export interface GoOn {
  readonly lost: boolean;
}
