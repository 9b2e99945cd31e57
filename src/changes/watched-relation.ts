import type { OrphanCondition } from './change';

/** A relation whose children must not lose their parents to a clean-up: nothing and nobody has said what becomes of them. */
export interface WatchedRelation extends OrphanCondition {
  /** `Model.attribute`, under which options address it. */
  readonly relation: string;
  /** Set when its action is only a default: then a key that the guard itself made of that says nothing either. */
  readonly undecided?: true;
  /** Why no equality (`equality` is empty) tells whose children the rows are: their type is another one, or nobody may look. */
  readonly unclear?: 'type-mismatch' | 'unreadable';
}
