import type { Readable } from 'node:stream';

/** Somewhere to write text to. */
export interface Output {
  write(text: string): void;
  /** True when escape sequences for colours are understood and wanted. */
  readonly colours: boolean;
  /** How wide the terminal is; absent where it is none. */
  readonly columns?: number | undefined;
}

/** Somewhere that nobody reads. */
export const SILENT: Output = { write: () => undefined, colours: false };

/** Everything that a command knows of the outside world. */
export interface Io {
  /** Results and nothing else. */
  readonly stdout: Output;
  /** Progress, questions, warnings, errors. */
  readonly stderr: Output;
  readonly stdin: Readable;
  /** True when a person sits at both ends: a question can be asked and answered. */
  readonly interactive: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted when a person, or whoever stops processes, wants no more of it. */
  readonly signal?: AbortSignal;
}
