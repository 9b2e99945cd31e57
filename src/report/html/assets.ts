import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The page's style sheet; the build copies it beside this file. */
export const pageStyle = (): string => asset('page.css');

/** The page's script. It runs only what it was written to run: the policy of the page holds its hash. */
export const pageScript = (): string => asset('page.js');

const asset = (name: string): string => readFileSync(join(__dirname, 'assets', name), 'utf8');
