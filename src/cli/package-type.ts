import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** `type` of the nearest package.json from a directory upwards, by which Node itself reads a `.js` file. */
export function packageType(directory: string): unknown {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    return Reflect.get(Object(manifest), 'type');
  } catch {
    const above = dirname(directory);
    return above === directory ? undefined : packageType(above);
  }
}
