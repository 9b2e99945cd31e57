import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Asset, PageAssets } from '../report/html/report-data';

/** The files that make the page; they lie beside its source, and the build copies them beside its output. */
export const pageAssets = (): PageAssets => ({ style: asset('page.css'), script: asset('page.js') });

function asset(name: string): Asset {
  const path = join(__dirname, '..', 'report', 'html', 'assets', name);
  // A browser reads every line break as this one, and hashes what it has read.
  const text = readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
  return { text, hash: `sha256-${createHash('sha256').update(text).digest('base64')}` };
}
