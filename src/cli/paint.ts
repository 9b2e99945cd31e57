import { styleText } from 'node:util';
import { plain, type Paint } from '../report/paint';
import type { Io, Output } from './io';

type Format = Parameters<typeof styleText>[0];

// The caller has decided whether colours are wanted, so the stream must not be asked once more.
const style = (format: Format) => (text: string) => styleText(format, text, { validateStream: false });

const coloured: Omit<Paint, 'width'> = {
  strong: style('bold'),
  faint: style('dim'),
  good: style('green'),
  error: style(['bold', 'red']),
  warning: style('yellow'),
  info: style('cyan'),
};

/** Colours where they are understood and wanted. */
export const paintFor = (colours: boolean, width = plain.width): Paint => ({
  ...(colours ? coloured : plain),
  width,
});

/** For what is written there: as wide as the terminal, or as `COLUMNS` says where there is none. */
export const paintOn = (output: Output, { env }: Pick<Io, 'env'>, wanted = true): Paint =>
  paintFor(wanted && output.colours, widthOf(output.columns ?? Number(env['COLUMNS'])));

/** Less cannot be read, and longer lines cannot either. */
const NARROWEST = 40;
const WIDEST = 120;

const widthOf = (columns: number): number =>
  columns > 0 ? Math.min(WIDEST, Math.max(NARROWEST, Math.floor(columns))) : plain.width;
