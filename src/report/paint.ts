/** How a text is set and its words are emphasised; a report knows what is important and never which colour that is. */
export interface Paint {
  /** Columns of a line; what can be copied is longer all the same. */
  readonly width: number;
  strong(text: string): string;
  faint(text: string): string;
  good(text: string): string;
  error(text: string): string;
  warning(text: string): string;
  info(text: string): string;
}

const same = (text: string): string => text;

/** No emphasis at all: files, pipes, `--no-color`. */
export const plain: Paint = {
  width: 80,
  strong: same,
  faint: same,
  good: same,
  error: same,
  warning: same,
  info: same,
};
