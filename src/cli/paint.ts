import { styleText } from 'node:util';
import { plain, type Paint } from '../report/paint';

type Format = Parameters<typeof styleText>[0];

// The caller has decided whether colours are wanted, so the stream must not be asked once more.
const style = (format: Format) => (text: string) => styleText(format, text, { validateStream: false });

const coloured: Paint = {
  strong: style('bold'),
  faint: style('dim'),
  good: style('green'),
  error: style(['bold', 'red']),
  warning: style('yellow'),
  info: style('cyan'),
};

/** Colours where they are understood and wanted. */
export const paintFor = (colours: boolean): Paint => (colours ? coloured : plain);
