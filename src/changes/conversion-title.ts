import { tableId } from '../names';
import type { ConversionChange } from './conversion';

/** One line that says what a step of a conversion does, for people. */
export function conversionTitle(change: ConversionChange): string {
  const { table, cast, remap } = change.conversion;
  const [on, types] = [tableId(table), `from ${cast.from} to ${cast.to}`];
  switch (change.op) {
    case 'convert-column':
      return `Convert ${on} (${cast.column}) ${types}${remap ? ' by the remap' : ''}`;
    case 'add-shadow-column':
      return `Add ${change.shadow.column} to ${on}, kept in step with ${cast.column} by a trigger`;
    case 'fill-shadow-column':
      return `Fill ${change.shadow.column} of ${on} in batches`;
    case 'create-shadow-index':
      return `Build the index ${change.index.name} on ${on}`;
    case 'add-shadow-check':
      return `Promise that ${on} (${change.shadow.column}) is not null`;
    case 'validate-shadow-check':
      return `Prove that promise for the rows of ${on}`;
    case 'swap-shadow-column':
      return `Put ${change.shadow.column} of ${on} in the place of ${cast.column}, ${types}`;
  }
}
