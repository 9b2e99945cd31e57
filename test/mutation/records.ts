import { resolve } from 'node:path';

/** Where what was recorded waits to be replayed; git-ignored. */
export const RECORDS = resolve(__dirname, '../../build/mutation-records');
