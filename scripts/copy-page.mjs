/** Puts the style sheet and the script of the HTML report beside the code that reads them. */
import { copyFileSync, mkdirSync } from 'node:fs';

const from = new URL('../src/report/html/assets/', import.meta.url);
const to = new URL('../dist/report/html/assets/', import.meta.url);
mkdirSync(to, { recursive: true });
for (const name of ['page.css', 'page.js']) copyFileSync(new URL(name, from), new URL(name, to));
