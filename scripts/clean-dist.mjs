/** Takes away what earlier builds have left: chunks have a name for each content, and all of them would be packed. */
import { rmSync } from 'node:fs';

rmSync(new URL('../dist/', import.meta.url), { recursive: true, force: true });
