import type { Finding } from '../../finding';

/** Tables as boxes and relations as arrows, with everything that a drawing needs to know of them. */
export interface Diagram {
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

export interface Box {
  readonly id: string;
  /** The name, then what is wrong with the table itself, a line each. */
  readonly lines: readonly string[];
  readonly severity: Finding['severity'] | undefined;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** What stands beside it, a line each; nothing in the drawing of everything. */
  readonly lines: readonly string[];
  /** The whole of it, for who points at it. */
  readonly title: string;
  readonly look: 'missing' | 'orphans' | 'wrong' | 'healthy';
  /** No key stands guard. */
  readonly unguarded: boolean;
  readonly severity: Finding['severity'] | undefined;
  /** The id on the page of its first finding. */
  readonly target: string | undefined;
}
